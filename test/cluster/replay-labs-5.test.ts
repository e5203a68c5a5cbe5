import { describe, expect, test } from "vitest";
import { staleAccumulation as lab } from "../../src/scenarios/labs/stale-accumulation.ts";
import { useCluster } from "../control-plane/test.ts";
import { expectForms, fell, form } from "./labs/expectations.ts";
import { groundFor } from "./labs/perform.ts";

const byTtl = ["blocked", "ttl"] as const;
const nothingLeft = /nothing left: of 4 runs none is in the lists of Jobs and pods/;

/** Each of the two hardenings is redundant for this adversary while the other holds; without both he has the history. */
const expected = [
  form("5-default", [], fell, /^4 runs, 3 values, 2 rotations .* by Jobs alone and by pods alone$/),
  form("5-hardened", ["ttl", "value-in-file"], byTtl, nothingLeft),
  form(
    "5-without-ttl",
    ["value-in-file"],
    ["blocked", "no-value-in-object"],
    /^no value in what is left: 4 Jobs, 4 pods$/,
  ),
  form("5-without-value-in-file", ["ttl"], byTtl, nothingLeft),
];
const variants = [
  form("5-hardened-history-limits-0", ["history-limits"], ["blocked", "history-limit"], nothingLeft),
  form("5-hardened-token-kept", ["token-kept"], fell, /is taken while its pod is there \(201\)/),
  form("5-hardened-token-gone", ["token-kept", "ttl"], ["blocked", "pod-deletion"], /refused once its pod is deleted/),
];

describe("on a node that only plays", () => {
  const cluster = useCluster();

  test("the table has every hardening taken away, and the variants as they are predicted", () => {
    expect(lab.predicted).toBe("ttl");
    for (const { id } of lab.hardenings) expect(expected.map(({ name }) => name)).toContain(`5-without-${id}`);
    expect(lab.variants.map(({ hardenings, predicted }) => [hardenings, predicted])).toEqual(
      variants.map(({ hardenings, outcome }) => [hardenings, outcome]),
    );
  });

  test("lists of Jobs and pods tell the history, until the TTL empties them", async () => {
    const on = { placement: "driver", image: "registry.test/backup:1", node: cluster.plane.node! } as const;
    const ground = groundFor(cluster, "stale-accumulation", lab, on);
    const twins = await expectForms(ground, [...expected, ...variants]);
    const acts = twins.get("5-default")!.steps.map(({ act, by }) => `${by} ${act.replace(/\/pod\/.*| in pod.*/, "")}`);
    const base = `/namespaces/${cluster.namespace}`;
    const rotate = `driver PATCH /apis/batch/v1${base}/cronjobs/5-default`;
    expect(acts).toEqual([
      "controller runs job/5-default-run-1",
      "controller runs job/5-default-run-2",
      rotate,
      "controller runs job/5-default-run-3",
      rotate,
      "controller runs job/5-default-run-4",
      `driver GET /apis/batch/v1${base}/jobs`,
      `driver GET /api/v1${base}/pods`,
    ]);
  });
});

describe("on a real node", () => {
  const cluster = useCluster({ needs: ["real-node"] });

  test("processes that had their passwords leave the same history", { timeout: 180_000 }, async () => {
    const on = { placement: "container", image: cluster.node.images.kubectl, node: cluster.node.name } as const;
    await expectForms(groundFor(cluster, "stale-accumulation", lab, on), [...expected, ...variants]);
  });
});
