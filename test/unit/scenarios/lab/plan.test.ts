import { describe, expect, test } from "vitest";
import { addressesIn, baseObjects } from "../../../../src/scenarios/lab/base-objects.ts";
import type { ClusterFacts } from "../../../../src/scenarios/lab/guard.ts";
import { isThisCluster } from "../../../../src/scenarios/lab/guard.ts";
import { judgePair } from "../../../../src/scenarios/lab/judge-pair.ts";
import { nameOf } from "../../../../src/scenarios/lab/kinds.ts";
import { DRIVER_IMAGE } from "../../../../src/scenarios/lab/person.ts";
import { isRunId, labelled, runId, runOfNamespace } from "../../../../src/scenarios/lab/names.ts";
import { labPlan, parsePlan, placeOf, whyNot, type LabEntry } from "../../../../src/scenarios/lab/plan.ts";
import { missingRights, requestsOf } from "../../../../src/scenarios/lab/rights.ts";
import type { LabTwin } from "../../../../src/model/lab.ts";
import { labs } from "../../../../src/scenarios/labs/index.ts";
import { ADVERSARIES } from "../../../../src/scenarios/needs.ts";

const facts: ClusterFacts & { uid: string; nodes: number } = {
  ...{ server: "https://x", context: "staging", clusterName: "kind", uid: "u-1", nodes: 3, version: "v1.36.4" },
};
const choice = { placement: "driver", image: "registry.test/backup:1", node: null } as const;
const entries: LabEntry[] = ADVERSARIES.map((id, at) => ({ number: at + 1, id, lab: labs[id] }));
const now = new Date("2026-01-01T12:00:00Z");
const plan = labPlan({ cluster: facts, entries, choice, rights: [], now, toolVersion: "1" });
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);

describe("a plan of all five labs", () => {
  test("names every object of both forms, once, in the run's namespaces", () => {
    const names = plan.makes.map(({ object: { kind, namespace, name } }) => `${kind} ${namespace ?? ""}/${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { object, adversary } of plan.makes)
      expect(object.namespace ?? object.name, adversary ?? "").toMatch(/^cronaudit-lab-<run>(-other)?$/);
    for (const id of ADVERSARIES)
      for (const twin of ["default", "hardened"])
        expect(plan.makes.some((one) => one.adversary === id && one.twin === twin)).toBe(true);
    expect(plan.seconds).toBeGreaterThan(150);
  });

  test("without an image of one's own leaves out the adversary that pushes to it", () => {
    const of = { ...choice, image: DRIVER_IMAGE };
    const without = labPlan({ cluster: facts, entries, choice: of, rights: [], now, toolVersion: "1" });
    expect(new Set(without.makes.map(({ adversary }) => adversary))).toEqual(
      new Set([null, ...ADVERSARIES.filter((id) => id !== "image-substitution")]),
    );
    expect(without.seconds).toBeLessThan(plan.seconds);
  });

  test("is read back as it was written, and nothing else is a plan", () => {
    expect(parsePlan(JSON.stringify(plan))).toEqual(plan);
    expect(parsePlan("{")).toBeNull();
    expect(parsePlan(JSON.stringify({ ...plan, adversaries: [] }))).toBeNull();
    expect(parsePlan(JSON.stringify({ ...plan, kind: "CleanupPlan" }))).toBeNull();
    expect(parsePlan(JSON.stringify({ ...plan, createdAt: "soon" }))).toBeNull();
  });

  test.each([
    ["here and now", facts, 0, null],
    ["within the hour", facts, 60, null],
    ["after it", facts, 61, /61 minutes old/],
    ["before it was made", facts, -2, /clocks/],
    ["on another cluster", { ...facts, uid: "u-2" }, 0, /cluster u-1/],
    ["on a cluster that cannot be told", { ...facts, uid: null }, 0, /cannot be read/],
    ["by another context", { ...facts, context: "production" }, 0, /context staging/],
    ["at another server", { ...facts, server: "https://y" }, 0, /server https:\/\/x/],
  ])("%s", (_, there, minutes, why) => {
    const said = whyNot(plan, there, later(minutes));
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });
});

test("what lets nobody be asked is no confirmation", () => {
  expect([isThisCluster("u-1", facts), isThisCluster("kind", facts)]).toEqual([true, true]);
  expect(isThisCluster("staging", facts)).toBe(false);
  expect(isThisCluster("", { ...facts, clusterName: "", uid: null })).toBe(false);
});

describe("rights", () => {
  const asked = requestsOf([]).map(
    ({ verb, resource, subresource }) => `${verb} ${resource}${subresource && `/${subresource}`}`,
  );
  test("hold all that a teardown needs for all that can be made", () => {
    for (const resource of ["namespaces", "pods", "jobs", "cronjobs", "secrets", "roles", "rolebindings"])
      for (const verb of ["create", "get", "list", "delete"]) expect(asked).toContain(`${verb} ${resource}`);
    expect(asked).toContain("create serviceaccounts/token");
  });

  test("hold what the Roles of a lab grant", () => {
    const rules = [{ apiGroups: [""], resources: ["secrets", "pods/log"], verbs: ["patch"] }];
    const more = requestsOf([{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: {}, rules }]);
    const missing = missingRights(more.map((one) => ({ ...one, allowed: one.verb !== "patch" })));
    expect(missing).toEqual(["patch secrets", "patch pods/log"]);
  });
});

describe("names and labels", () => {
  test("a run's id tells its namespaces, and no other name does", () => {
    const run = runId(new Uint8Array([0, 1, 254, 255]));
    expect([run, isRunId(run), isRunId("r1")]).toEqual(["r0001feff", true, false]);
    expect([runOfNamespace(`cronaudit-lab-${run}`), runOfNamespace(`cronaudit-lab-${run}-other`)]).toEqual([run, run]);
    for (const name of ["cronaudit-lab", `cronaudit-lab-${run}-x`, `x-cronaudit-lab-${run}`])
      expect(runOfNamespace(name)).toBeNull();
  });

  test("labels reach the templates of a CronJob, and what was there stays", () => {
    const template = { metadata: { labels: { app: "x" } }, spec: { containers: [] } };
    const cronJob = { metadata: { name: "c" }, spec: { suspend: true, jobTemplate: { spec: { template } } } };
    const made = labelled(cronJob, "r0badcafe") as {
      metadata: { labels: object };
      spec: { suspend: boolean; jobTemplate: { metadata: object; spec: { template: typeof template } } };
    };
    const labels = { "cronaudit.io/run": "r0badcafe", "app.kubernetes.io/managed-by": "kubectl-cronaudit" };
    expect(made.metadata).toEqual({ name: "c", labels });
    expect(made.spec.suspend).toBe(true);
    expect(made.spec.jobTemplate.metadata).toEqual({ labels });
    expect(made.spec.jobTemplate.spec.template.metadata.labels).toEqual({ app: "x", ...labels });
  });
});

test("pods of a lab reach DNS and the API server, and nobody reaches them", () => {
  const slice = { endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["fd00::1"] }], ports: [{ port: 6443 }] };
  const objects = baseObjects(placeOf("r0badcafe", choice), addressesIn(slice), "baseline");
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  expect(policies.length).toBe(2);
  for (const { spec } of policies)
    expect(spec).toEqual({
      ...{ podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [] },
      egress: [
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
        { to: [{ ipBlock: { cidr: "10.0.0.1/32" } }], ports: [{ protocol: "TCP", port: 6443 }] },
        { to: [{ ipBlock: { cidr: "fd00::1/128" } }], ports: [{ protocol: "TCP", port: 6443 }] },
      ],
    });
  expect(addressesIn({ endpoints: null, ports: null })).toEqual([]);
  for (const object of objects) expect(() => nameOf(object)).not.toThrow();
});

test("a lab makes nothing but its own kinds, by names of its own", () => {
  expect(() => nameOf({ apiVersion: "v1", kind: "Node", metadata: { name: "x" } })).toThrow("makes no Node");
  expect(() => nameOf({ apiVersion: "v1", kind: "Pod", metadata: { generateName: "x", namespace: "y" } })).toThrow(
    "name",
  );
  expect(() => nameOf({ apiVersion: "v1", kind: "Pod", metadata: { name: "x" } })).toThrow("namespace");
});

describe("a pair is a proof", () => {
  const twin = (outcome: LabTwin["outcome"], blockedBy: LabTwin["blockedBy"] = null): LabTwin => ({
    ...{ outcome, blockedBy, because: "because", steps: [] },
  });
  const outcomes = ["succeeded", "blocked", "inconclusive", "not-run"] as const;
  test("only where the default form fell and the hardened one was blocked by what was predicted", () => {
    for (const open of outcomes)
      for (const hard of outcomes)
        for (const by of ["ttl", "rbac"] as const) {
          const { proof, because } = judgePair({ default: twin(open), hardened: twin(hard, by) }, "ttl");
          expect(proof).toBe(open === "succeeded" && hard === "blocked" && by === "ttl");
          expect(because).not.toBe("");
        }
  });
});
