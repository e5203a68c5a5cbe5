import type { WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import type { Scenario } from "../../../src/scenarios/scenario.ts";

/** Every workload of the snapshot under one adversary. */
export function assess(scenario: Scenario, snapshot: Snapshot, from: readonly SubjectRef[] = []): WorkloadReplay[] {
  return scenario.assess(assessContext(snapshot, from, () => true));
}

/** The replay of the workload with this name; fails the test where there is none. */
export function replayOf(
  scenario: Scenario,
  snapshot: Snapshot,
  name: string,
  from: readonly SubjectRef[] = [],
): WorkloadReplay {
  const found = assess(scenario, snapshot, from).find(({ workload }) => workload.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}

/** The facts of one adversary. */
export function factsOf<Kind extends WorkloadReplay["facts"]["kind"]>(
  { facts }: WorkloadReplay,
  kind: Kind,
): Extract<WorkloadReplay["facts"], { kind: Kind }> {
  if (facts.kind !== kind) throw new Error(`facts of ${facts.kind}`);
  return facts as Extract<WorkloadReplay["facts"], { kind: Kind }>;
}
