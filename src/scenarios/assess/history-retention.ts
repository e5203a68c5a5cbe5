import { duration, runSeconds } from "../../batch/durations.ts";
import type { Control } from "../../model/replay-report.ts";
import type { CronJob, Job } from "../../model/workload.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { control } from "../controls.ts";
import { keepsNone } from "./credential-gone.ts";
import { gaps } from "./gaps.ts";

/**
 * What keeps no more than one run at a time, in words too, or what is missing to tell; null where nothing does. Judged where
 * runs were seen whole.
 */
export function keepsOneRun(
  context: AssessContext,
  workload: ReplayWorkload,
): { control: Control; because: string } | { missing: string } | null {
  const { object, jobs } = workload;
  if (object.kind !== "CronJob" || jobs.some((job) => stays(context, job))) return null;
  const ttl = object.job.ttlSecondsAfterFinished;
  const gap = leastGap(object, context);
  const takes = longest(object, jobs);
  if (ttl !== null && takes !== null && ttl + takes.seconds < gap) {
    const because = `TTL of ${String(ttl)} s: a run is gone before the next one starts, as ${takes.why}`;
    return { control: control("ttl"), because };
  }
  const isAlone = object.concurrencyPolicy !== "Allow" || (takes !== null && takes.seconds < gap);
  if (keepsNone(object) && isAlone)
    return { control: control("history-limit"), because: "history limits of 0: no finished run is kept" };
  const isSoonGone = keepsNone(object) || (ttl !== null && ttl < gap);
  return isSoonGone && takes === null ? { missing: UNTIMED } : null;
}

const UNTIMED =
  "whether a run is gone before the next one starts: no run that finished is left to tell how long one takes, and there is no activeDeadlineSeconds";

/** True for a retained Job that neither its TTL nor a history limit takes away. */
function stays({ judgement }: AssessContext, job: ReplayWorkload["jobs"][number]): boolean {
  const { governedBy, overdueSeconds } = judgement.context.retentionOf(job);
  return overdueSeconds !== null || (governedBy !== "ttl" && governedBy !== "history-limit");
}

/** The longest that a run may take at the most, or took, and how that is known; null where nothing tells. */
function longest({ job: { activeDeadlineSeconds: limit } }: CronJob, jobs: readonly Job[]): Longest | null {
  if (limit !== null) return { seconds: limit, why: `activeDeadlineSeconds ends it after ${duration(limit)}` };
  const seen = jobs
    .map((job) => runSeconds(job, "complete") ?? runSeconds(job, "failed"))
    .filter((one) => one !== null);
  if (seen.length === 0) return null;
  const seconds = Math.max(...seen);
  return { seconds, why: `the longest that is left took ${duration(seconds)}` };
}

interface Longest {
  seconds: number;
  why: string;
}

const gapsOf = new WeakMap<AssessContext, ReturnType<typeof gaps>>();

/** The least time between two of the next runs, in seconds; endless where at most one follows. */
function leastGap(cronJob: CronJob, context: AssessContext): number {
  if (cronJob.suspend) return Infinity;
  return gapsOf.getOrInsertComputed(context, gaps)(cronJob).seconds ?? Infinity;
}
