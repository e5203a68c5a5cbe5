import { afterEach, describe, expect, test } from "vitest";
import { overPermissiveAccount as lab } from "../../src/scenarios/labs/over-permissive-account.ts";
import { must, pathOf } from "../control-plane/act.ts";
import { useCluster, type Cluster } from "../control-plane/test.ts";
import { expectForms, fell, form } from "./labs/expectations.ts";
import { groundFor, onRealNode, type Ground } from "./labs/perform.ts";

const all = lab.hardenings.map(({ id }) => id);
const least = ["blocked", "least-privilege"] as const;
const without = (id: string) => all.filter((one) => one !== id);
const refused = /^403, only 2-[a-z-]+-own: every other request is Forbidden$/;

/** The names of Secrets in the Role are what holds: neither its verbs nor its namespace flip anything while they are there. */
const expected = [
  form("2-default", [], fell, /the list of its namespace's Secrets, the list of the other namespace's Secrets, the n/),
  form("2-hardened", all, least, refused),
  form("2-without-resource-names", without("resource-names"), fell, /: the neighbour's Secret in its namespace$/),
  form("2-without-get-only", without("get-only"), least, refused),
  form("2-without-one-namespace", without("one-namespace"), least, refused),
  form("2-names-alone", ["resource-names"], least, refused),
  form("2-hardened-no-token", ["no-token"], ["blocked", "no-token"], /the pod holds no token of its account/),
];

/** A second namespace, which stands for all others. */
async function withOther(cluster: Cluster, ground: Ground, others: string[]): Promise<Ground> {
  const other = `${cluster.namespace}-other`;
  await must(cluster.plane, "POST", pathOf("Namespace", null), { metadata: { name: other } });
  others.push(other);
  return { ...ground, place: { ...ground.place, other } };
}

function removeAfter(cluster: Cluster): string[] {
  const others: string[] = [];
  afterEach(async () => {
    for (const name of others.splice(0)) await must(cluster.plane, "DELETE", pathOf("Namespace", null, name));
  });
  return others;
}

describe("on a node that only plays", () => {
  const cluster = useCluster();

  test("the table has every hardening taken away, and the variants as they are predicted", () => {
    expect(lab.predicted).toBe("least-privilege");
    for (const id of all) expect(expected.map(({ name }) => name)).toContain(`2-without-${id}`);
    expect(lab.variants).toMatchObject([{ hardenings: ["no-token"], predicted: "blocked" }]);
  });

  const others = removeAfter(cluster);

  test("the account's own pod-bound token reads what its Role names, and by default everything", async () => {
    const on = { placement: "driver", image: "registry.test/backup:1", node: cluster.plane.node! } as const;
    const ground = await withOther(cluster, groundFor(cluster, "over-permissive-account", lab, on), others);
    const twins = await expectForms(ground, expected);
    const { steps } = twins.get("2-hardened")!;
    expect(steps.map(({ status, reason, by }) => [status, reason, by])).toEqual([
      [200, null, "driver"],
      ...[1, 2, 3, 4].map(() => [403, "Forbidden", "driver"]),
    ]);
  });
});

describe("on a real node", () => {
  const cluster = useCluster({ needs: ["real-node"] });
  const others = removeAfter(cluster);

  test("the workload's own process does the same with its mounted token", async () => {
    const { node } = cluster;
    const adapt = onRealNode(cluster);
    const on = { placement: "container", image: node.images.kubectl, node: node.name, adapt } as const;
    const ground = await withOther(cluster, groundFor(cluster, "over-permissive-account", lab, on), others);
    const twins = await expectForms(ground, expected);
    const { steps } = twins.get("2-hardened")!;
    expect(steps.map(({ status, reason, by }) => [status, reason, by])).toEqual([
      [200, null, "container"],
      ...[1, 2, 3, 4].map(() => [403, "Forbidden", "container"]),
    ]);
    expect(twins.get("2-default")!.steps.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});
