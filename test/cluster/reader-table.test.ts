import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useCluster } from "../control-plane/test.ts";
import { partsOf, type Edge, type Part } from "../../src/rbac/edge.ts";
import { edges as registered } from "../../src/rbac/edges/index.generated.ts";
import { isServed } from "../../src/rbac/kube-version.ts";
import { carrierKinds, type Part as Held } from "./readers/carriers.ts";
import { askKubelet, kubeletTable, type Kept } from "./readers/kubelet.ts";
import { measure } from "./readers/measure.ts";
import { tableOf } from "./readers/table.ts";

const cluster = useCluster({ needs: ["fake-node"] });

const WHERE: Record<Held, Part> = { value: "spec", annotation: "metadata", message: "status" };

/** A container's message stands in the status of pods; no other status holds a value. */
const hasMessage = (resource: string) => resource.startsWith("pods");

test("who holds one verb reads by it what the edges say, and nothing by any other", { timeout: 600_000 }, async () => {
  const { plane } = cluster;
  const measured = await measure(plane);

  const seen: Record<string, Part[]> = {};
  for (const [right, tried] of Map.groupBy(measured, ({ verb, resource }) => `${verb} ${resource}`)) {
    const parts = new Set(tried.flatMap(({ parts }) => parts.map((part) => WHERE[part])));
    if (parts.size > 0) seen[right] = [...parts].sort();
  }
  const resources = new Set(carrierKinds.map(({ resource }) => resource));
  const said: Record<string, Part[]> = {};
  for (const edge of registered as readonly Edge[]) {
    const [need] = edge.needs;
    const parts = partsOf(edge).filter((part) => part !== "log");
    if (need === undefined || parts.length === 0 || isServed(plane.version, edge) === false) continue;
    for (const { resource, subresource } of need.on.filter((one) => resources.has(one.resource))) {
      const path = subresource === "" ? resource : `${resource}/${subresource}`;
      const held = parts.filter((part) => part !== "status" || hasMessage(resource)).sort();
      for (const verb of need.verbs) said[`${verb} ${path}`] = held;
    }
  }
  expect.soft(seen).toEqual(said);
  await expect(tableOf(measured)).toMatchFileSnapshot(join(import.meta.dirname, "readers/table.txt"));
});

describe("a kubelet", () => {
  const cluster = useCluster({ needs: ["real-node"] });
  const PLACES: Record<Kept, Part> = { ...WHERE, printed: "log" };

  test("gives to whoever holds one verb on a subresource of nodes what the edges say, and nothing to others", async () => {
    const { plane, node, namespace } = cluster;
    const asked = await askKubelet(plane, node, namespace);
    const seen: Record<string, Part[]> = {};
    for (const [right, all] of Map.groupBy(asked, (one) => one.right)) {
      const parts = new Set(all.flatMap(({ kept }) => kept.map((part) => PLACES[part])));
      if (parts.size > 0) seen[right] = [...parts].sort();
    }
    const said: Record<string, Part[]> = {};
    for (const edge of registered as readonly Edge[]) {
      const [need] = edge.needs;
      if (partsOf(edge).length === 0 || isServed(plane.version, edge) === false) continue;
      for (const { subresource } of need?.on.filter(({ resource }) => resource === "nodes") ?? []) {
        for (const verb of need?.verbs ?? []) said[`${verb} nodes/${subresource}`] = [...partsOf(edge)].sort();
      }
    }
    expect.soft(seen).toEqual(said);
    await expect(kubeletTable(asked)).toMatchFileSnapshot(join(import.meta.dirname, "readers/kubelet-table.txt"));
  });
});
