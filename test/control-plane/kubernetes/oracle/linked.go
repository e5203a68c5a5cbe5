package main

import (
	"time"
	// The zones that kube-controller-manager carries.
	_ "time/tzdata"
	_ "unsafe"

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/client-go/tools/record"
	_ "k8s.io/kubernetes/pkg/apis/batch/validation"
	_ "k8s.io/kubernetes/pkg/controller/cronjob"
	_ "k8s.io/kubernetes/pkg/controller/job"
	_ "k8s.io/kubernetes/pkg/controller/ttlafterfinished"
)

// What the controllers keep to themselves.

//go:linkname formatSchedule k8s.io/kubernetes/pkg/controller/cronjob.formatSchedule
func formatSchedule(cj *batchv1.CronJob, recorder record.EventRecorder) string

//go:linkname mostRecentScheduleTime k8s.io/kubernetes/pkg/controller/cronjob.mostRecentScheduleTime
func mostRecentScheduleTime(
	cj *batchv1.CronJob, now time.Time, schedule cron.Schedule, includeStartingDeadlineSeconds bool,
) (time.Time, *time.Time, int, error)

//go:linkname nextScheduleTimeDuration k8s.io/kubernetes/pkg/controller/cronjob.nextScheduleTimeDuration
func nextScheduleTimeDuration(cj *batchv1.CronJob, now time.Time, schedule cron.Schedule) *time.Duration

//go:linkname getFinishedTime k8s.io/kubernetes/pkg/controller/job.getFinishedTime
func getFinishedTime(pod *corev1.Pod) time.Time

//go:linkname jobFinishTime k8s.io/kubernetes/pkg/controller/ttlafterfinished.jobFinishTime
func jobFinishTime(job *batchv1.Job) (metav1.Time, error)

//go:linkname validateTimeZone k8s.io/kubernetes/pkg/apis/batch/validation.validateTimeZone
func validateTimeZone(timeZone *string, path *field.Path) field.ErrorList

// time.LoadLocation looks into the machine's files before it looks into those that the program carries. Without directories
// only the latter remain, and every machine answers alike. The linker permits it with -checklinkname=0.
//
//go:linkname platformZoneSources time.platformZoneSources
var platformZoneSources []string

func init() {
	platformZoneSources = nil
}
