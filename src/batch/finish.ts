import type { Time } from "../model/object.ts";
import type { ContainerStatus, Job, Pod } from "../model/workload.ts";
import { instant, toTime } from "./time.ts";

/** When a pod finished, and which of the job controller's four sources says so; `creation` is only a lower bound. */
export interface PodFinish {
  at: Time;
  source: "containers" | "ready-condition" | "deletion" | "creation";
}

/** How a Job ended. */
export type Outcome = "complete" | "failed";

/**
 * When a pod finished, in the order of getFinishedTime (pkg/controller/job/backoff_utils.go); null while it has not.
 * Pods have no status.completionTime.
 */
export function podFinish(pod: Pod): PodFinish | null {
  if (!podFinished(pod)) return null;
  const containers = latestFinish(pod.containers);
  if (containers !== null) return { at: containers, source: "containers" };
  const ready = pod.conditions.find((condition) => condition.type === "Ready");
  const unready = ready?.status === "False" ? known(ready.lastTransitionTime) : null;
  if (unready !== null) return { at: unready, source: "ready-condition" };
  // deletionTimestamp lies in the future by the grace period when deletion is asked for.
  const deletion = instant(pod.meta.deletionTimestamp);
  if (deletion !== null) {
    return { at: toTime(deletion - (pod.meta.deletionGracePeriodSeconds ?? 0) * 1000), source: "deletion" };
  }
  const creation = known(pod.meta.creationTimestamp);
  return creation === null ? null : { at: creation, source: "creation" };
}

/** podFinish's time alone. */
export function podFinishedAt(pod: Pod): Time | null {
  return podFinish(pod)?.at ?? null;
}

/**
 * True for a pod in phase Succeeded or Failed, and for one that is being deleted and has no container left that runs.
 * A deleting pod whose containers still run counts as failed for its Job, but its processes are alive.
 */
export function podFinished(pod: Pod): boolean {
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return true;
  return pod.meta.deletionTimestamp !== null && !pod.containers.some((container) => container.state === "running");
}

/** When the kubelet took the pod on (status.startTime), else its first container's start; null before. */
export function podStartedAt(pod: Pod): Time | null {
  if (pod.startTime !== null) return pod.startTime;
  const starts = pod.containers.map((container) => container.startedAt).filter((time) => time !== null);
  return starts.length === 0
    ? null
    : starts.reduce((a, b) => ((instant(b) ?? Infinity) < (instant(a) ?? Infinity) ? b : a));
}

/** Complete or Failed with status True ends a Job (IsJobFinished); SuccessCriteriaMet and FailureTarget do not. */
export function jobOutcome(job: Job): Outcome | null {
  const condition = finishCondition(job);
  return condition === undefined ? null : condition.type === "Complete" ? "complete" : "failed";
}

/**
 * When a Job finished: lastTransitionTime of that condition (jobFinishTime, pkg/controller/ttlafterfinished).
 * A failed Job has no completionTime. Null for an unfinished Job, and for a condition without a time.
 */
export function jobFinishedAt(job: Job): Time | null {
  return known(finishCondition(job)?.lastTransitionTime ?? null);
}

function finishCondition(job: Job) {
  return job.conditions.find(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True");
}

/**
 * The latest finish of the containers, then of the sidecars; null when one of the latter still runs.
 * Kubernetes forgets the containers' answer, and asks the sidecars alone, when a container has not terminated.
 */
function latestFinish(statuses: readonly ContainerStatus[]): Time | null {
  return later(later(null, statuses, "container"), statuses, "sidecar");
}

function later(
  previous: Time | null,
  statuses: readonly ContainerStatus[],
  kind: ContainerStatus["kind"],
): Time | null {
  let latest = previous;
  for (const status of statuses) {
    if (status.kind !== kind) continue;
    const at = status.state === "terminated" ? instant(known(status.finishedAt)) : null;
    if (at === null) return null;
    if (latest === null || at > (instant(latest) ?? 0)) latest = status.finishedAt;
  }
  return latest;
}

/** Go's zero time means that there is none. The API server writes null for it; a file may hold it. */
function known(time: Time | null): Time | null {
  return time === "0001-01-01T00:00:00Z" ? null : time;
}
