import { describe, expect, test } from "vitest";
import type { LabTwin } from "../../src/model/lab.ts";
import { concurrentRotation } from "../../src/scenarios/labs/concurrent-rotation.ts";
import { useCluster } from "../control-plane/test.ts";
import { expectForms, fell, form } from "./labs/expectations.ts";
import { groundFor, onRealNode } from "./labs/perform.ts";

const { hardenings, predicted, variants } = concurrentRotation;
const all = hardenings.map(({ id }) => id);

/** Each form, what is to come of it, and by which control. The mutation is the hardened form without its one field. */
const expected = [
  form("3-default", [], fell, /both were told that their new one was stored/),
  form("3-hardened", all, ["blocked", "concurrency-policy"], /started no second run .*JobAlreadyActive/),
  { ...form("3-without-policy", [], fell, /both were told/), form: "hardened" as const },
  form("3-replace", ["replace"], ["blocked", "concurrency-policy"], /ended run 1 to start run 2 in its place/),
  form("3-deadline", ["active-deadline"], ["blocked", "active-deadline"], /ended run 1 at its deadline/),
  form("3-lock", ["optimistic-lock"], ["blocked", "optimistic-lock"], /refused \(409\)/),
];

/** The requests of a form in the order in which they were made, whoever made them, with their status. */
const requests = (twin: LabTwin | undefined) =>
  twin?.steps.filter(({ as }) => as !== null).map(({ act, status }) => `${act.split(" ")[0]!} ${String(status)}`);

// Both wait for the same minutes.
describe.concurrent("one write is lost under Allow alone", () => {
  describe("on a node that only plays, with the driver in the place of the runs", () => {
    const cluster = useCluster();

    test("the table has every hardening taken away, and the variants as they are predicted", () => {
      expect(predicted).toBe("concurrency-policy");
      expect(all).toEqual(["concurrency-policy"]);
      for (const { hardenings: ids, predicted: outcome } of variants) {
        expect(expected).toContainEqual(expect.objectContaining({ hardenings: ids, outcome }));
      }
    });

    test("with the tokens of both pods", { timeout: 400_000 }, async () => {
      const { plane, namespace } = cluster;
      const on = { placement: "driver", image: "registry.test/rotate:1", node: plane.node! } as const;
      const ground = groundFor(cluster, "concurrent-rotation", concurrentRotation, on);
      const twins = await expectForms(ground, expected);
      const both = ["GET 200", "GET 200"];
      expect(requests(twins.get("3-default"))).toEqual([...both, "PATCH 200", "PATCH 200", "GET 200"]);
      expect(requests(twins.get("3-hardened"))).toEqual(["GET 200", "PATCH 200", "GET 200"]);
      expect(requests(twins.get("3-replace"))).toEqual([...both, "PATCH 401", "PATCH 200", "GET 200"]);
      expect(requests(twins.get("3-deadline"))).toEqual([...both, "PATCH 401", "PATCH 200", "GET 200"]);
      expect(requests(twins.get("3-lock"))).toEqual([...both, "PATCH 200", "PATCH 409", "GET 200"]);
      const made = twins.get("3-default")!.steps.filter(({ by }) => by !== "controller");
      expect(new Set(made.map(({ as }) => as))).toEqual(new Set([`system:serviceaccount:${namespace}:3-default`]));
      expect(new Set(made.map(({ auditId }) => auditId)).size, "an Audit-ID each").toBe(made.length);
      const said = { by: "controller", reason: "JobAlreadyActive", as: null };
      expect(twins.get("3-hardened")!.steps).toContainEqual(expect.objectContaining(said));
    });
  });

  describe("on a real node", () => {
    const cluster = useCluster({ needs: ["real-node"] });

    test("by the processes of both runs", { timeout: 400_000 }, async () => {
      const { node } = cluster;
      const on = { placement: "container", image: node.images.kubectl, node: node.name } as const;
      const place = { ...on, adapt: onRealNode(cluster) };
      const ground = groundFor(cluster, "concurrent-rotation", concurrentRotation, place);
      const twins = await expectForms(ground, expected);
      const run = ["GET 200", "PATCH 200", "GET 200"];
      expect(requests(twins.get("3-default"))).toEqual([...run, ...run]);
      expect(requests(twins.get("3-hardened"))).toEqual(run);
      expect(requests(twins.get("3-replace")), "of the run that was ended nothing is heard").toEqual(run);
      expect(requests(twins.get("3-lock"))!.toSorted()).toEqual([...run, "GET 200", "GET 200", "PATCH 409"].toSorted());
      const by = new Set([...twins.values()].flatMap(({ steps }) => steps.map((step) => step.by)));
      expect(by).toEqual(new Set(["controller", "container"]));
    });
  });
});
