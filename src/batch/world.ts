import type { Time } from "../model/object.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import { holders, overdue } from "./deletion.ts";
import { jobFinishedAt, jobOutcome, type Outcome } from "./finish.ts";
import type { Ownership } from "./ownership.ts";
import type { Schedule } from "./schedule/index.ts";
import { mostRecentScheduleTime } from "./schedule/missed.ts";
import type { Run, World } from "./simulate.ts";
import { instant } from "./time.ts";

/** What a forecast looks at besides Jobs and CronJobs. */
export interface Around {
  podsOf(job: Job): readonly Pod[];
  ownership(job: Job): Ownership;
}

/** What is assumed of the runs to come. */
export interface Assumed {
  outcome: Outcome;
  /** Seconds that one takes; null: not known, so none. */
  typical: number | null;
  /** Null: none starts. */
  schedule: Schedule | null;
  /** What is under way does not end by itself. */
  endless: boolean;
}

/** A CronJob and the Jobs that it counts, as the simulation sees them. */
export function worldOf(
  cronJob: CronJob,
  jobs: readonly Job[],
  assumed: Assumed,
  now: number,
  around: Around,
): World<Job> {
  const { outcome, typical, schedule } = assumed;
  // Asked for only where a Job is beyond the limit now.
  let lastLook: number | null = null;
  const world: World<Job> = {
    now,
    name: cronJob.meta.name,
    due: {
      creationTimestamp: instant(cronJob.meta.creationTimestamp) ?? now,
      lastScheduleTime: instant(cronJob.lastScheduleTime),
      startingDeadlineSeconds: cronJob.startingDeadlineSeconds,
    },
    schedule,
    concurrencyPolicy: cronJob.concurrencyPolicy,
    limit: outcome === "complete" ? cronJob.successfulJobsHistoryLimit : cronJob.failedJobsHistoryLimit,
    duration: (typical ?? 0) * 1000,
    ttl: milliseconds(cronJob.job.ttlSecondsAfterFinished),
    runs: jobs.map((job) => runOf(job, cronJob, assumed, now, around)).filter((run) => run !== null),
    isTaken: (name) => jobs.some(({ meta }) => meta.name === name),
    isNoticed: (job) => (instant(jobFinishedAt(job)) ?? -Infinity) <= (lastLook ??= latestLook(cronJob, jobs, world)),
  };
  return world;
}

/** Null for a Job that has ended with the other outcome: it takes no part. */
function runOf(
  job: Job,
  cronJob: CronJob,
  { outcome, typical, endless }: Assumed,
  now: number,
  around: Around,
): Run<Job> | null {
  const ended = jobOutcome(job);
  if (ended !== null && ended !== outcome) return null;
  const reference = job.meta.ownerReferences.find(({ controller }) => controller);
  const run = {
    of: job,
    name: job.meta.name,
    start: instant(job.startTime),
    active: cronJob.active.includes(job.meta.name),
    notifies: reference?.kind === "CronJob" && reference.uid === cronJob.meta.uid,
  };
  if (ended !== null) return { ...run, ttl: null, end: null, goesAt: goneAt(job, run.notifies, now, around) };
  const ttl = isHeld(job, around) ? null : milliseconds(job.spec.ttlSecondsAfterFinished);
  const end = endless || job.spec.suspend ? Infinity : Math.max(now, (run.start ?? now) + (typical ?? 0) * 1000);
  return { ...run, ttl, end, goesAt: Infinity };
}

/** When something other than the limit removes an ended Job, so that it counts no longer. */
function goneAt(job: Job, isOwned: boolean, now: number, around: Around): number {
  const ttl = milliseconds(job.spec.ttlSecondsAfterFinished);
  const deleting = job.meta.deletionTimestamp !== null;
  if (ttl === null && !deleting && isOwned) return Infinity;
  if (isHeld(job, around)) return Infinity;
  if (deleting || (!isOwned && around.ownership(job).state === "gone")) return now;
  const finished = instant(jobFinishedAt(job));
  if (ttl === null || finished === null || overdue(finished + ttl, now) !== null) return Infinity;
  return finished + ttl;
}

function isHeld(job: Job, around: Around): boolean {
  return holders(job).length > 0 || around.podsOf(job).some((pod) => holders(pod).length > 0);
}

/**
 * The latest moment at which the controller looked at the CronJob for certain: a change of it, a change of a Job whose
 * controller reference names it, or a slot.
 */
function latestLook(cronJob: CronJob, jobs: readonly Job[], { due, schedule, now }: World<Job>): number {
  const owned = jobs.filter(({ meta }) =>
    meta.ownerReferences.some(
      ({ controller, kind, uid }) => controller && kind === "CronJob" && uid === cronJob.meta.uid,
    ),
  );
  const times: (Time | null)[] = [cronJob.lastScheduleTime, ...owned.map(jobFinishedAt)];
  for (const { meta } of [cronJob, ...owned]) {
    times.push(meta.creationTimestamp, ...meta.managedFields.map(({ time }) => time));
  }
  let latest = -Infinity;
  for (const time of times) {
    const at = instant(time);
    if (at !== null && at <= now) latest = Math.max(latest, at);
  }
  const missed = schedule === null ? null : mostRecentScheduleTime(due, now, schedule, false);
  if (missed !== null && "mostRecent" in missed) latest = Math.max(latest, missed.mostRecent ?? -Infinity);
  return latest;
}

function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}
