import { randomInt } from "node:crypto";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import { podFinish, type PodFinish } from "../../src/batch/finish.ts";
import type { ContainerStatus, Pod } from "../../src/model/workload.ts";
import "../control-plane/global-setup.ts";
import { Oracle } from "../control-plane/oracle.ts";
import { compareFinishes, describeDisagreement, summary, type FinishJudge } from "../oracle/finish/compare.ts";
import { VOLUME } from "./volume.ts";

const PODS = 20_000 * VOLUME;
const FIXED = 20_261_122;
const FRESH = randomInt(0x7fff_ffff);
const TIMEOUT = { timeout: 600_000 * VOLUME };

let started: Promise<{ oracle: Oracle; version: string }> | null = null;

/** The oracle of this file; building it takes minutes where nothing of Kubernetes has been compiled yet. */
async function theOracle(): Promise<Oracle> {
  started ??= Oracle.start((line) => process.stderr.write(`oracle: ${line}\n`));
  return (await started).oracle;
}

beforeEach((context) => {
  // No control plane is needed, but what it is built with; the run says once why it is not there.
  const provided = inject("controlPlane");
  if ("missing" in provided) context.skip(provided.missing);
});
afterAll(async () => {
  await (await started)?.oracle.stop();
});

describe.each([
  ["a fixed seed", FIXED],
  ["a fresh seed", FRESH],
])("from %s: %i", (_, seed) => {
  test(`${String(PODS)} random pods, and half as many Jobs, finish when the controllers say`, TIMEOUT, async () => {
    const comparison = await compareFinishes(await theOracle(), { seed, pods: PODS });
    process.stdout.write(`finish times: ${summary(comparison, seed)}\n`);
    if (comparison.disagreement !== null) expect.fail(describeDisagreement(comparison.disagreement));
    // Each source decides often, and no pod is passed over because it has not finished but such as may not have.
    for (const source of ["containers", "ready-condition", "deletion", "creation", "none"]) {
      expect(comparison.pods[source], source).toBeGreaterThan(PODS / 100);
    }
    expect(comparison.unfinished).toBeLessThan(PODS / 2);
    expect(comparison.finishedJobs).toBeGreaterThan(comparison.jobs / 10);
  });
});

const onlyOf = (pod: Pod, kinds: ContainerStatus["kind"][]): Pod => ({
  ...pod,
  containers: pod.containers.filter(({ kind }) => kinds.includes(kind)),
});
const later = (a: PodFinish | null, b: PodFinish | null) => (a === null || (b !== null && b.at > a.at) ? b : a);

/** Mistakes that others have made, each of which the random statuses must show. */
const MISTAKES: [mistake: string, Partial<FinishJudge>][] = [
  ["sidecars are forgotten", { pod: (pod) => podFinish(onlyOf(pod, ["container"])) }],
  [
    "init containers count",
    {
      pod: (pod) =>
        podFinish({
          ...pod,
          containers: pod.containers.map((one) => (one.kind === "init" ? { ...one, kind: "sidecar" } : one)),
        }),
    },
  ],
  [
    "containers without a finish are passed over",
    { pod: (pod) => podFinish({ ...pod, containers: pod.containers.filter(({ finishedAt }) => finishedAt !== null) }) },
  ],
  [
    "a container that runs leaves the sidecars no say",
    {
      pod: (pod) => {
        const main = podFinish(onlyOf(pod, ["container"]));
        return main?.source === "containers" ? podFinish(pod) : main;
      },
    },
  ],
  [
    "the grace period is not taken off",
    { pod: (pod) => podFinish({ ...pod, meta: { ...pod.meta, deletionGracePeriodSeconds: 0 } }) },
  ],
  [
    "the Ready condition goes before the containers",
    { pod: (pod) => later(podFinish(pod), podFinish({ ...pod, containers: [] })) },
  ],
  [
    "any Ready condition counts",
    {
      pod: (pod) =>
        podFinish({ ...pod, conditions: pod.conditions.map((condition) => ({ ...condition, status: "False" })) }),
    },
  ],
  [
    "a pod ends with its creation, having no completionTime",
    {
      pod: ({ meta }) => (meta.creationTimestamp === null ? null : { at: meta.creationTimestamp, source: "creation" }),
    },
  ],
  ["a Job ends with its completionTime", { job: ({ completionTime }) => completionTime }],
];

test.each(MISTAKES)("the comparison finds it when %s", TIMEOUT, async (_, wrong) => {
  const { disagreement } = await compareFinishes(await theOracle(), { seed: FIXED, pods: 20_000 }, wrong);
  expect(disagreement).not.toBeNull();
  expect(describeDisagreement(disagreement!)).toContain("Kubernetes says");
});
