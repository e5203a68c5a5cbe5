import type { ReplayItem, ReplayReport } from "../../model/replay-report.ts";
import type { Metadata } from "../../model/snapshot.ts";
import type { Scenario } from "../scenario.ts";
import type { LabDone } from "./run.ts";

/** The report of a run: one item for each adversary, with its pair, and no live workload. */
export function labReport(
  { pairs, run, torn }: Pick<LabDone, "pairs" | "run" | "torn">,
  metadata: Metadata,
  scenarios: readonly Scenario[],
): ReplayReport {
  return {
    apiVersion: "cronaudit/v1",
    kind: "ReplayReport",
    metadata,
    complete: isProven(pairs),
    blindSpots: [],
    notes: [
      ...torn.notOurs,
      ...torn.failed.map(({ object, because }) => `${object.kind} ${object.name} was not deleted: ${because}`),
    ],
    summary: {
      from: [],
      verified: null,
      workloads: 0,
      byOutcome: { succeeds: 0, blocked: 0, inconclusive: 0, "not-applicable": 0 },
      lab: run,
    },
    items: pairs.map(({ entry: { number, id }, pair }): ReplayItem => {
      const scenario = scenarios.find((one) => one.id === id);
      return {
        ...{ number, id, name: scenario?.name ?? id },
        attack: scenario?.attack.map((technique) => technique.id) ?? [],
        matrix: scenario?.matrix.map((technique) => technique.id) ?? [],
        live: null,
        lab: pair,
      };
    }),
  };
}

/** Whether there are pairs, each of them a proof, and each variant came out as predicted. */
function isProven(pairs: LabDone["pairs"]): boolean {
  const isOne = ({ pair }: LabDone["pairs"][number]): boolean =>
    pair.proof && pair.variants.every(({ outcome, predicted }) => outcome === predicted);
  return pairs.length > 0 && pairs.every(isOne);
}

/**
 * 2 where something remains or that cannot be told, or where the journal has no end; 3 where not every pair is a proof and every
 * variant as predicted, else 0.
 */
export function labStatus({ pairs, run, unended }: Pick<LabDone, "pairs" | "run" | "unended">): number {
  if (unended !== null || run.remains === null || run.remains.length > 0) return 2;
  return isProven(pairs) ? 0 : 3;
}
