package main

import (
	"time"

	"github.com/robfig/cron/v3"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/util/parsers"
)

// cronJob is what decides when a CronJob runs.
type cronJob struct {
	Schedule string  `json:"schedule"`
	TimeZone *string `json:"timeZone"`
	// Local is the time zone of the controller-manager's process.
	Local string `json:"local"`
}

// parse does as syncCronJob: the zone first, then the schedule with it. The message is for people.
func (c cronJob) parse() (schedule cron.Schedule, invalid string, err error) {
	local, err := time.LoadLocation(c.Local)
	if err != nil {
		return nil, "", err
	}
	// A copy: robfig/cron compares with time.Local by its address.
	own := *local
	time.Local = &own
	if c.TimeZone != nil {
		if _, err := time.LoadLocation(*c.TimeZone); err != nil {
			return nil, err.Error(), nil
		}
	}
	schedule, err = parsers.ParseCronScheduleWithPanicRecovery(formatSchedule(c.object(), nil))
	if err != nil {
		return nil, err.Error(), nil
	}
	return schedule, "", nil
}

func (c cronJob) object() *batchv1.CronJob {
	return &batchv1.CronJob{Spec: batchv1.CronJobSpec{Schedule: c.Schedule, TimeZone: c.TimeZone}}
}

type scheduleQuestion struct {
	cronJob
	// Starts are seconds since the epoch.
	Starts []int64 `json:"starts"`
	Count  int     `json:"count"`
}

type activationsAnswer struct {
	Invalid string `json:"invalid,omitempty"`
	// Next has for each start so many activations in seconds since the epoch; fewer where none follows.
	Next [][]int64 `json:"next,omitempty"`
}

func activations(asked scheduleQuestion) (activationsAnswer, error) {
	schedule, invalid, err := asked.parse()
	if err != nil || schedule == nil {
		return activationsAnswer{Invalid: invalid}, err
	}
	answer := activationsAnswer{Next: make([][]int64, len(asked.Starts))}
	for index, start := range asked.Starts {
		next := make([]int64, 0, asked.Count)
		for t := schedule.Next(time.Unix(start, 0)); !t.IsZero() && len(next) < asked.Count; t = schedule.Next(t) {
			next = append(next, t.Unix())
		}
		answer.Next[index] = next
	}
	return answer, nil
}

type missedQuestion struct {
	cronJob
	// Times are milliseconds since the epoch.
	Creation                int64  `json:"creation"`
	LastScheduleTime        *int64 `json:"lastScheduleTime"`
	StartingDeadlineSeconds *int64 `json:"startingDeadlineSeconds"`
	Now                     int64  `json:"now"`
}

type missedAnswer struct {
	Invalid string `json:"invalid,omitempty"`
	// Error is what makes an event InvalidSchedule.
	Error      string `json:"invalidSchedule,omitempty"`
	Earliest   int64  `json:"earliest"`
	MostRecent *int64 `json:"mostRecent"`
	// Missed is 0 for none, 1 for few, 2 for many.
	Missed int `json:"missed"`
	// Requeue is in milliseconds from now.
	Requeue int64 `json:"requeue"`
}

func missed(asked missedQuestion) (missedAnswer, error) {
	schedule, invalid, err := asked.parse()
	if err != nil || schedule == nil {
		return missedAnswer{Invalid: invalid}, err
	}
	object := asked.object()
	object.CreationTimestamp = metav1.NewTime(time.UnixMilli(asked.Creation))
	if asked.LastScheduleTime != nil {
		last := metav1.NewTime(time.UnixMilli(*asked.LastScheduleTime))
		object.Status.LastScheduleTime = &last
	}
	object.Spec.StartingDeadlineSeconds = asked.StartingDeadlineSeconds
	now := time.UnixMilli(asked.Now)
	earliest, mostRecent, kind, err := mostRecentScheduleTime(object, now, schedule, true)
	answer := missedAnswer{Earliest: earliest.UnixMilli(), Missed: kind}
	if err != nil {
		answer.Error = err.Error()
	}
	if mostRecent != nil {
		slot := mostRecent.UnixMilli()
		answer.MostRecent = &slot
	}
	answer.Requeue = nextScheduleTimeDuration(object, now, schedule).Milliseconds()
	return answer, nil
}
