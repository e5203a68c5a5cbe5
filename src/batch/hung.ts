import type { Job, Pod } from "../model/workload.ts";
import { duration, medianSeconds } from "./durations.ts";
import { jobOutcome } from "./finish.ts";
import type { Owners } from "./owners.ts";
import { instant } from "./time.ts";

/** Seconds that the main container may have ended before the rest of its pod. */
export const REST_OF_POD_SECONDS = 5 * 60;
/** Seconds after activeDeadlineSeconds within which the job controller has ended the Job and its pods. */
export const DEADLINE_GRACE_SECONDS = 2 * 60;
/** A run without a deadline is never hung before this many seconds. */
export const LONG_RUN_SECONDS = 60 * 60;
/** … and then only if it takes this many times the median of its CronJob's successful runs. */
export const LONG_RUN_FACTOR = 10;
/** … or, where no run has succeeded, longer than this many seconds. */
export const LONG_RUN_WITHOUT_HISTORY_SECONDS = 6 * 60 * 60;

/** Seconds that successful runs of each CronJob took, as medians. */
export type TypicalRun = (job: Job) => number | null;

/** The median, in seconds, of the successful runs of the Job's CronJob; null without one. */
export function typicalRuns(owners: Owners): TypicalRun {
  const medians = new Map<string, number | null>();
  return (job) => {
    const cronJob = owners.cronJobOf(job);
    if (cronJob === null) return null;
    const { uid } = cronJob.meta;
    let typical = medians.get(uid);
    if (typical === undefined) {
      typical = medianSeconds(owners.jobsOf(cronJob), "complete");
      medians.set(uid, typical);
    }
    return typical;
  };
}

/** Why an unfinished Job counts as hung, with the figures; null where no criterion holds. Suspended Jobs do not run. */
export function hungBecause(job: Job, owners: Owners, typical: TypicalRun): string | null {
  if (jobOutcome(job) !== null || job.spec.suspend) return null;
  for (const pod of owners.podsOf(job)) {
    const because = halfDone(pod, owners.takenAt);
    if (because !== null) return because;
  }
  const started = instant(job.startTime);
  if (started === null) return null;
  const seconds = (owners.takenAt - started) / 1000;
  const deadline = job.spec.activeDeadlineSeconds;
  if (deadline !== null) {
    if (seconds <= deadline + DEADLINE_GRACE_SECONDS) return null;
    return `is still active ${duration(seconds - deadline)} after its deadline of ${duration(deadline)}`;
  }
  if (seconds <= LONG_RUN_SECONDS) return null;
  const usual = typical(job);
  if (usual === null) {
    if (seconds <= LONG_RUN_WITHOUT_HISTORY_SECONDS) return null;
    return `has run for ${duration(seconds)} without a deadline, and no finished run to compare it with`;
  }
  if (seconds <= LONG_RUN_FACTOR * usual) return null;
  return `has run for ${duration(seconds)} without a deadline; its CronJob's successful runs took ${duration(usual)} (median)`;
}

/** The first container is the main one, as for kubectl; sidecars end with it, other containers need not. */
function halfDone(pod: Pod, takenAt: number): string | null {
  if (pod.phase !== "Running" || pod.meta.deletionTimestamp !== null) return null;
  const main = pod.template.containers.find(({ kind }) => kind === "container");
  const status = pod.containers.find(({ name, kind }) => kind === "container" && name === main?.name);
  const finished = status?.state === "terminated" ? instant(status.finishedAt) : null;
  if (status === undefined || finished === null) return null;
  const seconds = (takenAt - finished) / 1000;
  const running = pod.containers.filter(({ kind, state }) => kind === "container" && state === "running");
  if (seconds <= REST_OF_POD_SECONDS || running.length === 0) return null;
  const rest = running.map(({ name }) => name).join(", ");
  return `container ${status.name} ended ${duration(seconds)} ago, but ${rest} ${running.length === 1 ? "runs" : "run"} on`;
}
