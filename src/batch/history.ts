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
  /** Unfinished, unsuspended Jobs that will be counted when they finish. */
  underWay: number;
}

/**
 * Ranks finished Jobs as cleanupFinishedJobs does (pkg/controller/cronjob/cronjob_controllerv2.go): Complete and Failed
 * counted apart, oldest startTime first, those without one last, then by name.
 * The controller compares only the name of a Job's controller reference with the CronJob's, not its kind or uid.
 */
export function indexHistory(snapshot: Snapshot): (job: Job) => HistoryPlace | null {
  const jobs = Map.groupBy(snapshot.jobs, controllerKey);
  const places = new Map<Job, HistoryPlace>();
  const isWhole = whatIsWhole(snapshot);
  for (const cronJob of snapshot.cronjobs) {
    const counted = jobs.get(key(cronJob.meta.namespace, cronJob.meta.name)) ?? [];
    const underWay = counted.filter((job) => jobOutcome(job) === null && !job.spec.suspend).length;
    const whole = isWhole("jobs", cronJob.meta.namespace) === null;
    const common = { cronJob, underWay, whole };
    rank({ ...common, outcome: "complete", limit: cronJob.successfulJobsHistoryLimit }, counted, places);
    rank({ ...common, outcome: "failed", limit: cronJob.failedJobsHistoryLimit }, counted, places);
  }
  return (job) => places.get(job) ?? null;
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
  const [x, y] = [instant(a.startTime) ?? Infinity, instant(b.startTime) ?? Infinity];
  if (x !== y) return x < y ? -1 : 1;
  return a.meta.name < b.meta.name ? -1 : a.meta.name > b.meta.name ? 1 : 0;
}

function controllerKey(job: Job): string {
  const reference = job.meta.ownerReferences.find((one) => one.controller);
  return reference === undefined ? "" : key(job.meta.namespace, reference.name);
}

function key(namespace: string | null, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
