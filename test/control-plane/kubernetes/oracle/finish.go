package main

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	jobutil "k8s.io/kubernetes/pkg/controller/job/util"
)

type finishQuestion struct {
	Pods []corev1.Pod  `json:"pods"`
	Jobs []batchv1.Job `json:"jobs"`
}

type finishAnswer struct {
	// Pods has for each pod the time that getFinishedTime gives, in seconds since the epoch; null for Go's zero time.
	Pods []*int64    `json:"pods"`
	Jobs []jobFinish `json:"jobs"`
}

type jobFinish struct {
	// Condition is Complete or Failed where the Job has finished, else empty.
	Condition string `json:"condition"`
	// At is when, in seconds since the epoch; null where the TTL controller finds no time.
	At *int64 `json:"at"`
}

func finish(asked finishQuestion) (finishAnswer, error) {
	answer := finishAnswer{Pods: make([]*int64, len(asked.Pods)), Jobs: make([]jobFinish, len(asked.Jobs))}
	for index := range asked.Pods {
		if at := getFinishedTime(&asked.Pods[index]); !at.IsZero() {
			seconds := at.Unix()
			answer.Pods[index] = &seconds
		}
	}
	for index := range asked.Jobs {
		job := &asked.Jobs[index]
		_, condition := jobutil.FinishedCondition(job)
		answer.Jobs[index].Condition = string(condition)
		if at, err := jobFinishTime(job); err == nil {
			seconds := at.Unix()
			answer.Jobs[index].At = &seconds
		}
	}
	return answer, nil
}
