import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { jobOutcome, type Outcome } from "./finish.ts";
import { instant } from "./time.ts";

/** Where a finished Job stands among the Jobs that one history limit of a CronJob counts. */
export interface HistoryPlace {
  /** The CronJob whose limit counts it, found by name alone. */
  cronJob: CronJob;
  outcome: Outcome;
  limit: number;
  /** Further runs of the same outcome that push it out; 0 when it is beyond the limit now, null when none ever does. */
  runsLeft: number | null;
  /** Whether every Job of the namespace is in the evidence; otherwise `runsLeft` is the most that it can take. */
  whole: boolean;
}

/** The Jobs of a snapshot that a CronJob's history limits count, once they have finished. */
export interface Counted {
  /** The CronJob of that name, whether or not it is the Job's owner; null where there is none. */
  cronJobOf(job: Job): CronJob | null;
  jobsOf(cronJob: CronJob): readonly Job[];
}

/**
 * Matches Jobs to CronJobs as getJobsToBeReconciled does (pkg/controller/cronjob/cronjob_controllerv2.go): by the name in the
 * Job's controller reference alone, not by its kind or uid.
 */
export function indexCounted(snapshot: Snapshot): Counted {
  const jobs = Map.groupBy(snapshot.jobs, controllerKey);
  const cronJobs = new Map(snapshot.cronjobs.map((one) => [key(one.meta.namespace, one.meta.name), one]));
  return {
    cronJobOf: (job) => cronJobs.get(controllerKey(job)) ?? null,
    jobsOf: ({ meta }) => jobs.get(key(meta.namespace, meta.name)) ?? [],
  };
}

/**
 * Ranks finished Jobs as cleanupFinishedJobs does (same file): Complete and Failed counted apart, oldest startTime first,
 * those without one last, then by name.
 */
export function indexHistory(snapshot: Snapshot, counted = indexCounted(snapshot)): (job: Job) => HistoryPlace | null {
  const places = new Map<Job, HistoryPlace>();
  const isWhole = whatIsWhole(snapshot);
  for (const cronJob of snapshot.cronjobs) {
    const jobs = counted.jobsOf(cronJob);
    const whole = isWhole("jobs", cronJob.meta.namespace) === null;
    rank({ cronJob, whole, outcome: "complete", limit: cronJob.successfulJobsHistoryLimit }, jobs, places);
    rank({ cronJob, whole, outcome: "failed", limit: cronJob.failedJobsHistoryLimit }, jobs, places);
  }
  return (job) => places.get(job) ?? null;
}

/** Of these Jobs, the finished ones that the CronJob's limits count and push out at its next sync. */
export function beyondLimits(cronJob: CronJob, jobs: readonly Job[]): Job[] {
  const counted = jobs.filter((job) => controllerKey(job) === key(cronJob.meta.namespace, cronJob.meta.name));
  const places = new Map<Job, HistoryPlace>();
  rank({ cronJob, whole: true, outcome: "complete", limit: cronJob.successfulJobsHistoryLimit }, counted, places);
  rank({ cronJob, whole: true, outcome: "failed", limit: cronJob.failedJobsHistoryLimit }, counted, places);
  return counted.filter((job) => places.get(job)?.runsLeft === 0);
}

function rank(place: Omit<HistoryPlace, "runsLeft">, counted: readonly Job[], places: Map<Job, HistoryPlace>): void {
  const { outcome, limit } = place;
  const finished = counted.filter((job) => jobOutcome(job) === outcome).sort(byStartTime);
  const tooMany = finished.length - limit;
  for (const [index, job] of finished.entries()) {
    const beyond = index < tooMany;
    // A Job without a startTime always sorts as the newest, so a new run never overtakes it.
    const stays = !beyond && job.startTime === null;
    const runsLeft = beyond ? 0 : stays ? null : index - tooMany + 1;
    places.set(job, { ...place, runsLeft });
  }
}

function byStartTime(a: Job, b: Job): number {
  return compareStarts(
    { start: instant(a.startTime), name: a.meta.name },
    { start: instant(b.startTime), name: b.meta.name },
  );
}

/** The order of byJobStartTime (pkg/controller/cronjob/utils.go); starts in milliseconds. */
export function compareStarts(
  a: { start: number | null; name: string },
  b: { start: number | null; name: string },
): number {
  const [x, y] = [a.start ?? Infinity, b.start ?? Infinity];
  if (x !== y) return x < y ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function controllerKey(job: Job): string {
  const reference = job.meta.ownerReferences.find((one) => one.controller);
  return reference === undefined ? "" : key(job.meta.namespace, reference.name);
}

function key(namespace: string | null, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
