import type { WorkloadReplay } from "../../model/replay-report.ts";
import { NO_SECRET } from "../../rbac/scopes.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { hiddenStarter } from "./evidence.ts";
import { gaps } from "./gaps.ts";
import { fromPosition } from "./race-position.ts";
import { keepApart, racePath } from "./race-path.ts";
import { raceVerdict } from "./race-verdict.ts";
import { raceOf, type Race } from "./race.ts";
import { plural } from "./reach-words.ts";
import { inconclusive, notApplicable } from "./verdict.ts";

/** Whether two runs of a CronJob were active together, or can be, and which Secrets both may change. */
export function assessConcurrent(context: AssessContext): WorkloadReplay[] {
  const gapOf = gaps(context);
  return context.workloads.map((workload) => {
    const { object } = workload;
    return object.kind === "CronJob"
      ? replayOf(context, raceOf(context, workload, object, gapOf(object)))
      : lone(context, workload);
  });
}

function replayOf(context: AssessContext, race: Race): WorkloadReplay {
  const alone = raceVerdict(race);
  const verdict = context.from.length === 0 ? alone : fromPosition(context, race, alone);
  return {
    workload: race.workload.ref,
    ...verdict,
    path: racePath(context, race, verdict),
    wouldBlock: keepApart(context, race, verdict.outcome),
    facts: {
      kind: "concurrent-rotation",
      overlaps: [...race.overlaps],
      gapSeconds: race.gap.seconds,
      longestSeconds: race.longestSeconds,
      medianSeconds: race.medianSeconds,
      writes: race.writes,
      writesIsBound: race.hiddenGrants.length > 0,
    },
  };
}

function lone(context: AssessContext, workload: ReplayWorkload): WorkloadReplay {
  const missing = hiddenStarter(context, workload);
  const verdict =
    missing.length > 0
      ? inconclusive("whether a schedule starts it again was not seen", missing)
      : notApplicable("no schedule starts it again");
  return {
    workload: workload.ref,
    ...verdict,
    ...{ path: [], wouldBlock: [] },
    facts: {
      kind: "concurrent-rotation",
      ...{ overlaps: [], gapSeconds: null, longestSeconds: null, medianSeconds: null },
      writes: NO_SECRET,
      writesIsBound: false,
    },
  };
}

/** `seen 4 times in 7 days, and 2 more CronJobs`; worst workloads first. */
export function summariseConcurrent(workloads: readonly WorkloadReplay[]): string {
  const [first] = workloads;
  if (first === undefined) return "no CronJob";
  const alike = workloads.filter(({ outcome }) => outcome === first.outcome);
  // What has been seen says more than what will be.
  const worst = alike.reduce((best, one) => (overlapsIn(one) > overlapsIn(best) ? one : best));
  return alike.length === 1 ? worst.because : `${worst.because}, and ${plural(alike.length - 1, "more workload")}`;
}

function overlapsIn({ facts }: WorkloadReplay): number {
  return facts.kind === "concurrent-rotation" ? facts.overlaps.length : 0;
}
