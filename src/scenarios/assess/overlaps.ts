import { jobFinishedAt, jobOutcome } from "../../batch/finish.ts";
import { refOf } from "../../batch/owners.ts";
import { instant, toTime } from "../../batch/time.ts";
import type { Overlap } from "../../model/replay-report.ts";
import type { CronJob, Job, Pod } from "../../model/workload.ts";

/** One run of a CronJob, in milliseconds: [start, end), with `end` null while it runs. */
export interface Run {
  job: Job;
  start: number;
  end: number | null;
  /** False for a run that the schedule did not start. */
  scheduled: boolean;
}

/** So many are told; thousands of runs that never end would make millions. */
export const MOST_OVERLAPS = 1000;

/** The retained runs whose times are known, by their start. One whose pods outlive it lasts as long as they do. */
export function runsOf(cronJob: CronJob, jobs: readonly Job[], podsOf: (job: Job) => readonly Pod[]): Run[] {
  const runs = jobs.flatMap((job): Run[] => {
    const start = instant(job.startTime);
    const end = endOf(job, podsOf(job));
    if (start === null || end === undefined) return [];
    return [{ job, start, end: end === null ? null : Math.max(start, end), scheduled: isScheduled(cronJob, job) }];
  });
  return runs.sort((a, b) => a.start - b.start || (a.job.meta.name < b.job.meta.name ? -1 : 1));
}

/** Milliseconds; null while it runs, undefined where it has ended at a time that is not known. */
function endOf(job: Job, pods: readonly Pod[]): number | null | undefined {
  if (jobOutcome(job) === null) return null;
  const finished = instant(job.completionTime) ?? instant(jobFinishedAt(job));
  if (finished === null) return undefined;
  const ends = pods.flatMap(({ containers }) => containers.map((one) => instant(one.finishedAt) ?? -Infinity));
  return Math.max(finished, ...ends);
}

const INSTANTIATE = "cronjob.kubernetes.io/instantiate";
const SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/** Far more than any controller is late, in minutes. */
const LATEST_MINUTES = 7 * 24 * 60;

/**
 * The controller names a Job after its CronJob and the minutes from 1970 to its time, and notes that time (getJobName and
 * getJobFromTemplate2, pkg/controller/cronjob/utils.go); `kubectl create job --from` marks its own.
 */
function isScheduled(cronJob: CronJob, { meta }: Job): boolean {
  if (Object.hasOwn(meta.annotations, INSTANTIATE)) return false;
  if (Object.hasOwn(meta.annotations, SCHEDULED_AT)) return true;
  const prefix = `${cronJob.meta.name}-`;
  const minutes = meta.name.startsWith(prefix) ? /^\d{7,9}$/.exec(meta.name.slice(prefix.length)) : null;
  const created = instant(meta.creationTimestamp);
  if (minutes === null || created === null) return minutes !== null;
  return Math.abs(created / 60_000 - Number(minutes[0])) < LATEST_MINUTES;
}

/** Every two runs that were active at the same moment, by the start of the later one; at most MOST_OVERLAPS. */
export function overlapsOf(sorted: readonly Run[]): Overlap[] {
  const found: Overlap[] = [];
  let active: Run[] = [];
  for (const later of sorted) {
    active = active.filter(({ end }) => end === null || end > later.start);
    // A run without length meets nobody.
    if (later.end === later.start) continue;
    for (const earlier of active) {
      if (found.length === MOST_OVERLAPS) return found;
      found.push(overlap(earlier, later));
    }
    active.push(later);
  }
  return found;
}

function overlap(earlier: Run, later: Run): Overlap {
  const to = Math.min(earlier.end ?? Infinity, later.end ?? Infinity);
  return {
    earlier: refOf(earlier.job),
    later: refOf(later.job),
    from: toTime(later.start),
    to: to === Infinity ? null : toTime(to),
    scheduled: later.scheduled,
  };
}
