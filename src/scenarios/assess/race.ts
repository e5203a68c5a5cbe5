import { medianSeconds } from "../../batch/durations.ts";
import type { Overlap } from "../../model/replay-report.ts";
import type { Reach, SubjectRef } from "../../model/report.ts";
import type { CronJob } from "../../model/workload.ts";
import { isNothing } from "../../rbac/scopes.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { accountOf } from "./account-reach.ts";
import { apiToken } from "./api-token.ts";
import { distinct, hiddenGrants, hiddenRuns } from "./evidence.ts";
import type { Gap } from "./gaps.ts";
import { overlapsOf, runsOf, type Run } from "./overlaps.ts";
import { writtenBy } from "./writes.ts";

/** What a race of one CronJob's runs is judged from. */
export interface Race {
  workload: ReplayWorkload;
  cronJob: CronJob;
  account: SubjectRef;
  runs: readonly Run[];
  overlaps: readonly Overlap[];
  gap: Gap;
  /** Of finished runs, and of those that run so far. */
  longestSeconds: number | null;
  medianSeconds: number | null;
  /** The longest that one that still runs has run; null where none does. */
  runningSeconds: number | null;
  /** Secrets that the account may change. */
  writes: Reach;
  /** Whether its runs change a Secret; null where that was not seen. */
  mayWrite: boolean | null;
  /** What hides its grants. */
  hiddenGrants: string[];
  /** What hides runs that may have overlapped. */
  hiddenRuns: string[];
  now: number;
}

/** Gathers it for one CronJob. */
export function raceOf(context: AssessContext, workload: ReplayWorkload, cronJob: CronJob, gap: Gap): Race {
  const { now, owners } = context.judgement.context;
  const account = accountOf(workload);
  const runs = runsOf(cronJob, workload.jobs, (job) => owners.podsOf(job));
  const running = runs.filter(({ end }) => end === null);
  const writes = writtenBy(context.judgement.world, account);
  const hidden = hiddenGrants(context);
  const token = apiToken(workload, context);
  const none = isNothing(writes) && hidden.length === 0;
  return {
    ...{ workload, cronJob, account, runs, gap, writes, now },
    overlaps: overlapsOf(runs),
    longestSeconds: longest(runs, now),
    medianSeconds: medianSeconds(workload.jobs, "complete") ?? medianSeconds(workload.jobs, "failed"),
    runningSeconds: longest(running, now),
    mayWrite: token.has === false || none ? false : isNothing(writes) || token.has === null ? null : true,
    hiddenGrants: distinct([...hidden, ...token.missing]),
    hiddenRuns: hiddenRuns(context, cronJob.meta.namespace),
  };
}

function longest(runs: readonly Run[], now: number): number | null {
  if (runs.length === 0) return null;
  return runs.reduce((most, { start, end }) => Math.max(most, ((end ?? now) - start) / 1000), 0);
}
