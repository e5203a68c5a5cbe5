import { plural } from "../../exposure/triage/line.ts";
import type { LiveOutcome, WorkloadReplay } from "../../model/replay-report.ts";

/** One sentence where nothing succeeds: what stops it, or what is missing; `nothing` where it is after nothing. */
export function withoutSuccess(workloads: readonly WorkloadReplay[], nothing: string): string {
  const of = (outcome: LiveOutcome) => workloads.filter((one) => one.outcome === outcome);
  const open = of("inconclusive");
  if (open.length > 0) return `${commonest(open)}${others(open.length, workloads)}`;
  const blocked = of("blocked");
  return blocked.length === 0 ? nothing : commonest(blocked);
}

/** `` or ` (in 2 of 5 workloads)`. */
export function others(count: number, workloads: readonly WorkloadReplay[]): string {
  return count === workloads.length ? "" : ` (in ${String(count)} of ${plural(workloads.length, "workload")})`;
}

function commonest(workloads: readonly WorkloadReplay[]): string {
  const counted = [...Map.groupBy(workloads, ({ because }) => because)].sort((a, b) => b[1].length - a[1].length);
  const [[first]] = counted as [[string, unknown]];
  const rest = counted.length - 1;
  return rest === 0 ? first : `${first}; and ${plural(rest, "other reason")}`;
}
