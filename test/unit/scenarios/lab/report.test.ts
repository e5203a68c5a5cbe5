import { expect, test } from "vitest";
import type { LabOutcome, LabPair, LabRun } from "../../../../src/model/lab.ts";
import type { Metadata } from "../../../../src/model/snapshot.ts";
import type { LabEntry } from "../../../../src/scenarios/lab/plan.ts";
import { labReport, labStatus } from "../../../../src/scenarios/lab/report.ts";
import type { LabDone } from "../../../../src/scenarios/lab/run.ts";
import { labs } from "../../../../src/scenarios/labs/index.ts";

const entry: LabEntry = { number: 1, id: "completed-pod", lab: labs["completed-pod"] };
const twin = { blockedBy: null, because: "", steps: [] };

function pair(proof: boolean, variants: [LabOutcome, LabOutcome][] = []): LabDone["pairs"][number] {
  const made: LabPair = {
    ...{ default: { ...twin, outcome: "succeeded" }, hardened: { ...twin, outcome: "blocked" } },
    ...{ predicted: "ttl", proof, because: "" },
    variants: variants.map(([predicted, outcome]) => ({ ...twin, id: "v", what: "", predicted, outcome })),
  };
  return { entry, pair: made };
}

const metadata = {} as Metadata;
const run = { remains: [] as LabRun["remains"] } as LabRun;
const torn = { deleted: 0, alreadyGone: 0, notOurs: [], failed: [] };

test.each<[string, LabDone["pairs"], boolean]>([
  ["proofs", [pair(true), pair(true, [["blocked", "blocked"]])], true],
  ["a pair that is none", [pair(true), pair(false)], false],
  ["a variant that came out otherwise", [pair(true, [["blocked", "succeeded"]]), pair(true)], false],
  ["a variant of which nothing can be told", [pair(true, [["succeeded", "inconclusive"]])], false],
  ["nothing", [], false],
])("%s", (_, pairs, isProven) => {
  expect(labReport({ pairs, run, torn }, metadata, []).complete).toBe(isProven);
  expect(labStatus({ pairs, run, unended: null })).toBe(isProven ? 0 : 3);
  expect(labStatus({ pairs, run: { ...run, remains: null }, unended: null })).toBe(2);
  expect(labStatus({ pairs, run, unended: new Error("no space left on device") })).toBe(2);
});
