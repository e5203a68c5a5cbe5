import { describe, expect, it } from "vitest";
import { staleReport } from "../../../src/batch/report.ts";
import type { StaleItem } from "../../../src/model/report.ts";
import type { Job, Literal, Pod } from "../../../src/model/workload.ts";
import {
  ago,
  condition,
  controlledBy,
  cronJob,
  DAY,
  everything,
  finished,
  forbidden,
  HOUR,
  job,
  NOW,
  pod,
  running,
  snapshot,
  template,
  terminated,
} from "./objects.ts";

const report = (...parameters: Parameters<typeof snapshot>) => staleReport(snapshot(...parameters), everything());
const states = (...parameters: Parameters<typeof snapshot>) =>
  report(...parameters).items.map(({ object, state }) => `${object.kind} ${object.name}: ${state}`);
const only = (...parameters: Parameters<typeof snapshot>): StaleItem => {
  const { items } = report(...parameters);
  expect(items).toHaveLength(1);
  return items[0]!;
};

describe("a file of objects", () => {
  const lost = (name: string) =>
    pod(name, { meta: { ownerReferences: controlledBy(finished(`${name}-job`, DAY, null)) } });

  it("proves no orphan by what it lacks", () => {
    expect(states([lost("a")])).toEqual(["Pod a: orphaned"]);
    expect(states([lost("a")], { source: "dump" })).toEqual(["Pod a: completed"]);
    const { items, summary } = report([lost("a")], { source: "dump" });
    expect(items[0]).toMatchObject({ owner: { kind: "Job", name: "a-job" }, retention: { deletesAt: null } });
    expect(summary).toMatchObject({ deletedWithinHour: 0, neverDeleted: 0 });
  });
});

describe("what is stale", () => {
  it("is a finished Job and its finished pod, each as its own item that names its owner", () => {
    const done = finished("j", DAY, null);
    const left = pod("j-x", {
      containers: [terminated("main", ago(DAY))],
      meta: { ownerReferences: controlledBy(done) },
    });
    const { items } = report([done, left]);
    expect(items.map(({ object, state, because }) => [object.kind, state, because])).toEqual([
      ["Job", "completed", "condition Complete"],
      ["Pod", "completed", "phase Succeeded"],
    ]);
    expect(items[0]).toMatchObject({ owner: null, startedAt: ago(DAY + HOUR), finishedAt: ago(DAY), ageSeconds: DAY });
    expect(items[1]).toMatchObject({ owner: { kind: "Job", namespace: "database", name: "j", uid: "uid-j" } });
  });

  it("is a failed Job with its reason, and an evicted pod with its own", () => {
    const failed = finished("j", DAY, null, {
      conditions: [condition("Failed", ago(DAY), "True", "BackoffLimitExceeded")],
    });
    expect(only([failed])).toMatchObject({ state: "failed", because: "condition Failed: BackoffLimitExceeded" });
    expect(only([pod("p", { phase: "Failed", reason: "Evicted" })])).toMatchObject({
      state: "failed",
      because: "phase Failed: Evicted",
    });
  });

  it("is a failed pod of a Job that still tries", () => {
    const active = job("j", { startTime: ago(60) });
    expect(states([active, pod("j-x", { phase: "Failed", meta: { ownerReferences: controlledBy(active) } })])).toEqual([
      "Pod j-x: failed",
    ]);
  });

  it("is a suspended Job, but not one that was suspended when it had finished", () => {
    expect(only([job("j", { spec: { suspend: true }, startTime: null })])).toMatchObject({
      state: "suspended",
      startedAt: null,
    });
    expect(only([finished("j", 5, null, { spec: { suspend: true } })]).state).toBe("completed");
  });

  it("is not what runs as it should", () => {
    const backup = cronJob("backup");
    const active = job("j", { startTime: ago(60), meta: { ownerReferences: controlledBy(backup) } });
    expect(
      states([
        backup,
        active,
        pod("j-x", {
          phase: "Running",
          containers: [running("main")],
          meta: { ownerReferences: controlledBy(active) },
        }),
      ]),
    ).toEqual([]);
  });

  it("is not a pod of another workload, finished or not", () => {
    for (const kind of ["ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Node"]) {
      const ownerReferences = [{ apiVersion: "apps/v1", kind, name: "web", uid: "u", controller: true }];
      expect(states([pod("web-1", { phase: "Failed", reason: "Evicted", meta: { ownerReferences } })])).toEqual([]);
    }
  });

  it("is a bare pod that has finished, and not one that serves", () => {
    const serving = pod("web", {
      phase: "Running",
      template: template({ restartPolicy: "Always" }),
      meta: { deletionTimestamp: ago(DAY) },
      containers: [running("web")],
    });
    expect(states([pod("bare"), serving])).toEqual(["Pod bare: completed"]);
  });

  it("is a bare pod that was evicted, whatever its restartPolicy", () => {
    const given = pod("web", { phase: "Failed", reason: "Evicted", template: template({ restartPolicy: "Always" }) });
    expect(only([given]).state).toBe("failed");
  });

  it("is a hung Job together with its pods that still run", () => {
    const hung = job("j", { startTime: ago(7 * HOUR) });
    const ownerReferences = controlledBy(hung);
    const { items } = report([
      hung,
      pod("run", { phase: "Running", meta: { ownerReferences } }),
      pod("done", { meta: { ownerReferences } }),
    ]);
    expect(items.map(({ object, state }) => `${object.name}: ${state}`).toSorted()).toEqual([
      "done: completed",
      "j: hung",
      "run: hung",
    ]);
    expect(items.find(({ object }) => object.name === "run")?.because).toBe(
      "its job/j: has run for 7h without a deadline, and no finished run to compare it with",
    );
  });
});

describe("an orphan", () => {
  const labels = { "batch.kubernetes.io/controller-uid": "uid-import-1", "batch.kubernetes.io/job-name": "import-1" };

  it("is a pod whose Job was deleted without it, running or not, named after the Job", () => {
    const orphans = [pod("a", { meta: { labels } }), pod("b", { phase: "Running", meta: { labels } })];
    for (const orphan of orphans) {
      expect(only([orphan])).toMatchObject({
        state: "orphaned",
        because: "its job/import-1 was deleted without its pods",
        owner: { kind: "Job", name: "import-1", uid: "uid-import-1" },
        retention: { governedBy: "none", deletesAt: null },
      });
    }
  });

  it("is not made by what the evidence does not show", () => {
    const lost = pod("p", { meta: { ownerReferences: controlledBy(finished("j", DAY, null)) } });
    expect(only([lost]).state).toBe("orphaned");
    expect(only([lost], { collected: ["pods"] }).state).toBe("completed");
    expect(only([lost], { blindSpots: [forbidden("jobs", "database")] }).state).toBe("completed");
  });

  it("is not made by a selector that hides the owner", () => {
    const done = finished("j", DAY, null);
    const left = pod("j-x", { meta: { ownerReferences: controlledBy(done), labels: { keep: "yes" } } });
    const { items } = staleReport(
      snapshot([done, left]),
      everything({ labels: [{ key: "keep", operator: "exists", values: [] }] }),
    );
    expect(items.map(({ object, state }) => [object.name, state])).toEqual([["j-x", "completed"]]);
  });
});

describe("an object stuck in deletion", () => {
  it("is one whose deletion a finalizer has held for more than a minute", () => {
    const meta = { deletionTimestamp: ago(HOUR), finalizers: ["example.com/keep"] };
    expect(only([finished("j", DAY, null, { meta })])).toMatchObject({
      state: "stuck-deleting",
      because: "is being deleted, and finalizer example.com/keep holds it",
      retention: { governedBy: "finalizer", overdueSeconds: HOUR },
    });
    expect(only([finished("j", DAY, null, { meta: { ...meta, deletionTimestamp: ago(60) } })]).state).toBe("completed");
  });

  it("names the pods that a foreground deletion waits for", () => {
    const meta = { deletionTimestamp: ago(HOUR), finalizers: ["foregroundDeletion"] };
    const stuck = finished("j", DAY, null, { meta });
    const held = pod("j-x", {
      meta: { ownerReferences: controlledBy(stuck), deletionTimestamp: ago(HOUR), finalizers: ["example.com/keep"] },
    });
    expect(report([stuck, held]).items.map(({ because }) => because)).toContain(
      "is being deleted, and waits for pod/j-x, held by a finalizer",
    );
  });

  it("is a pod that its node does not confirm", () => {
    const given = pod("p", { phase: "Running", containers: [running("main")], meta: { deletionTimestamp: ago(HOUR) } });
    expect(only([given])).toMatchObject({
      state: "stuck-deleting",
      because: "is being deleted, and its node has not confirmed it",
    });
  });
});

describe("the figures of an item", () => {
  const literal = (fingerprint: string, field: string, confidence: Literal["confidence"] = "certain"): Literal => ({
    kind: "password",
    confidence,
    because: "name",
    place: "env",
    path: field,
    field,
    name: field,
    container: "main",
    fingerprint,
  });

  it("count a credential once, wherever it stands in the object, and a possible one only with --all", () => {
    const spec = {
      template: template({ literals: [literal("f1", "A"), literal("f2", "B"), literal("f3", "C", "possible")] }),
    };
    const given = snapshot([finished("j", DAY, null, { spec, annotationLiterals: [literal("f1", "last-applied")] })]);
    expect(staleReport(given, everything()).items[0]?.credentials).toBe(2);
    expect(staleReport(given, everything({ all: true })).items[0]?.credentials).toBe(3);
  });

  it("count a credential in a termination message, too", () => {
    expect(only([pod("p", { messageLiterals: [{ ...literal("f9", "message"), at: null }] })]).credentials).toBe(1);
  });

  it("do not take a pod's creation for its finish", () => {
    const given = pod("p", { startTime: null, meta: { creationTimestamp: ago(DAY) } });
    expect(only([given])).toMatchObject({ finishedAt: null, startedAt: null, ageSeconds: DAY });
  });

  it("are never negative when a clock is ahead", () => {
    expect(only([finished("j", -300, null)]).ageSeconds).toBe(0);
  });
});

describe("the report", () => {
  it("is complete with every list, and incomplete when one it needs is missing", () => {
    expect(report([]).complete).toBe(true);
    expect(report([], { blindSpots: [forbidden("secrets", null)] })).toMatchObject({ complete: true, blindSpots: [] });
    const blind = forbidden("jobs", "database");
    expect(report([], { blindSpots: [blind] })).toMatchObject({ complete: false, blindSpots: [blind] });
    expect(report([], { collected: ["pods", "jobs", "nodes"] }).complete).toBe(false);
    expect(report([], { collected: ["pods", "jobs", "cronjobs"] }).complete).toBe(false);
  });

  it("asks no file of chosen objects for nodes, because it would not prove that one is gone", () => {
    expect(report([], { source: "dump", collected: ["pods", "jobs", "cronjobs"] }).complete).toBe(true);
    expect(report([], { source: "dump", collected: ["pods", "jobs"] }).complete).toBe(false);
  });

  it("counts what goes within the hour, without what is overdue, and what never goes", () => {
    const soon = finished("soon", 0, null, { spec: { ttlSecondsAfterFinished: HOUR } });
    const later = finished("later", 0, null, { spec: { ttlSecondsAfterFinished: HOUR + 1 } });
    const overdue = finished("overdue", DAY, null, { spec: { ttlSecondsAfterFinished: 0 } });
    expect(report([soon, later, overdue, finished("never", DAY, null), pod("p")]).summary).toEqual({
      jobs: 4,
      pods: 1,
      byState: { completed: 5, failed: 0, hung: 0, orphaned: 0, suspended: 0, "stuck-deleting": 0 },
      neverDeleted: 2,
      deletedWithinHour: 1,
      goesAwaySoon: [
        {
          object: { kind: "Job", namespace: "database", name: "soon", uid: "uid-soon" },
          deletesAt: ago(-HOUR),
          ...{ isBound: false, assumes: null, why: "TTL of 3600 s after it finished", carries: 0 },
          hold: "hold job/soon -n database",
        },
      ],
      imageChanges: [],
      ignored: { file: 0, annotation: 0, unconfirmed: 0 },
    });
  });

  it("does not count as none what was not seen", () => {
    const counts = (more: Parameters<typeof report>[1], ...objects: (Job | Pod)[]) => {
      const { jobs, pods } = report(objects, more).summary;
      return { jobs, pods };
    };
    const blind = (namespace: string | null) => ({ blindSpots: [forbidden("jobs", namespace)] });
    expect(counts({}, pod("p"))).toEqual({ jobs: 0, pods: 1 });
    expect(counts(blind(null), pod("p"))).toEqual({ jobs: null, pods: 1 });
    expect(counts(blind("database"), pod("p"))).toEqual({ jobs: null, pods: 1 });
    expect(counts(blind("payments"), finished("j", DAY, null))).toEqual({ jobs: 1, pods: 0 });
    expect(counts({ collected: ["pods", "cronjobs"] }, pod("p"))).toEqual({ jobs: null, pods: 1 });
    const { metadata } = snapshot([]);
    const narrow = { metadata: { ...metadata, scope: { namespaces: ["database"] } } };
    expect(counts({ ...narrow, ...blind("payments") }, pod("p"))).toEqual({ jobs: 0, pods: 1 });
  });

  it("lists the worst state first, then the oldest", () => {
    const stuck = finished("stuck", DAY, null, { meta: { deletionTimestamp: ago(HOUR), finalizers: ["x/y"] } });
    const objects = [
      job("suspended", { spec: { suspend: true } }),
      finished("new", HOUR, null),
      finished("old", DAY, null),
      finished("bad", DAY, null, { outcome: "Failed" }),
      job("hung", { startTime: ago(DAY) }),
      stuck,
    ];
    expect(report(objects).items.map(({ object }) => object.name)).toEqual([
      "stuck",
      "hung",
      "bad",
      "old",
      "new",
      "suspended",
    ]);
  });

  it("is judged at the moment of the evidence", () => {
    const given = snapshot([finished("j", 0, null, { spec: { ttlSecondsAfterFinished: 60 } })]);
    const metadata = { ...given.metadata, takenAt: ago(-DAY) };
    expect(staleReport(given, everything()).items[0]?.retention.overdueSeconds).toBeNull();
    expect(staleReport({ ...given, metadata }, everything()).items[0]).toMatchObject({
      ageSeconds: DAY,
      retention: { overdueSeconds: DAY - 60 },
    });
    expect(given.metadata.takenAt).toBe(NOW);
  });
});
