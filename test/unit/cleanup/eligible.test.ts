import { describe, expect, test } from "vitest";
import type { CleanupRules, Refusal } from "../../../src/model/cleanup.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import {
  ago,
  condition,
  controlledBy,
  cronJob,
  DAY,
  finished,
  HOUR,
  job,
  pod,
  running,
  terminated,
} from "../batch/objects.ts";
import { manager } from "../exposure/objects.ts";
import { itemNamed, named, planOf, podOf } from "./objects.ts";

type Objects = (CronJob | Job | Pod)[];

/** Decision, or what it was refused for, of the object called `x`. */
function said(objects: Objects, rules: Partial<CleanupRules> = {}): "delete" | "choose" | Refusal | null {
  const item = itemNamed(planOf(objects, rules), "x");
  if (item === null) return null;
  expect(item.refusedBecause === null).toBe(item.refusal === null);
  expect(item.needsBecause === null).toBe(item.decision !== "choose");
  return item.refusal ?? (item.decision as "delete" | "choose");
}

const done = (seconds = 2 * DAY, more: Parameters<typeof finished>[3] = {}): Job => finished("x", seconds, null, more);
const bare = (more: Parameters<typeof pod>[1] = {}): Pod =>
  pod("x", { containers: [terminated("main", ago(2 * DAY))], ...more });

describe("Jobs", () => {
  test("complete and failed ones go", () => {
    expect(said([done()])).toBe("delete");
    expect(said([done(DAY, { outcome: "Failed" })])).toBe("delete");
  });

  test("none that has not finished goes, whatever its other conditions say", () => {
    expect(said([job("x")])).toBe("active");
    expect(said([job("x", { active: 0, succeeded: 1 })])).toBe("active");
    expect(said([job("x", { conditions: [condition("SuccessCriteriaMet", ago(DAY))] })])).toBe("active");
    expect(said([job("x", { conditions: [condition("FailureTarget", ago(DAY))] })])).toBe("active");
    expect(said([job("x", { conditions: [condition("Complete", ago(DAY), "False")] })])).toBe("active");
    expect(said([job("x", { spec: { suspend: true } })])).toBe("suspended");
    expect(said([job("x", { spec: { suspend: true } })], { stopRunning: true, named: named(job("x")) })).toBe(
      "suspended",
    );
  });

  test("one that hangs goes by its own name and --stop-running together", () => {
    const hung = job("x", { startTime: ago(DAY), active: 1 });
    const stopRunning = true;
    expect(said([hung])).toBe("active");
    expect(said([hung], { named: named(hung) })).toBe("active");
    expect(said([hung], { stopRunning })).toBe("active");
    expect(said([hung], { stopRunning, named: named(hung) })).toBe("delete");
    // Its CronJob's name is not its own, and one that runs as usual does not hang.
    const owner = cronJob("nightly");
    const owned = job("x", { startTime: ago(DAY), active: 1, meta: { ownerReferences: controlledBy(owner) } });
    expect(said([owner, owned], { stopRunning, named: named(owner) })).toBe("active");
    const usual = job("x", { startTime: ago(60), active: 1 });
    expect(said([usual], { stopRunning, named: named(usual) })).toBe("active");
  });

  test("a finished one with a pod that still runs stays", () => {
    const of = done();
    const runs = podOf(of, 0, { phase: "Running", containers: [running("main")] });
    expect(said([of, runs])).toBe("active");
    expect(said([of, podOf(of, DAY)])).toBe("delete");
  });

  test("finalizers, and deletions under way", () => {
    expect(said([done(DAY, { meta: { finalizers: ["example.com/receipt"] } })])).toBe("finalizer");
    const deletionTimestamp = ago(10);
    expect(said([done(DAY, { meta: { deletionTimestamp, finalizers: ["foregroundDeletion"] } })])).toBe(
      "being-deleted",
    );
    expect(said([done(DAY, { meta: { deletionTimestamp, finalizers: ["example.com/x"] } })])).toBe("finalizer");
  });
});

describe("age", () => {
  const older = { olderThanSeconds: DAY };

  test("counts from the finish, not from the creation", () => {
    const long = (seconds: number) => done(seconds, { meta: { creationTimestamp: ago(9 * DAY) } });
    expect(said([long(23 * HOUR)], older)).toBe("too-young");
    expect(said([long(DAY)], older)).toBe("delete");
    expect(said([long(DAY - 1)], older)).toBe("too-young");
    // The article's rule: a pod that was made eight days ago and ended an hour ago.
    const late = bare({ containers: [terminated("main", ago(HOUR))], meta: { creationTimestamp: ago(8 * DAY) } });
    expect(said([late], older)).toBe("too-young");
  });

  test("where only the creation is known it is at most that, and never taken for enough", () => {
    const evicted = bare({
      phase: "Failed",
      reason: "Evicted",
      containers: [],
      meta: { creationTimestamp: ago(9 * DAY) },
    });
    expect(itemNamed(planOf([evicted], older), "x")).toMatchObject({
      decision: "choose",
      finishedAt: null,
      ageSeconds: 9 * DAY,
      ageIsBound: true,
      needsBecause: "finished at most 9d ago: nothing says when",
    });
    expect(said([evicted])).toBe("choose");
    expect(said([bare({ containers: [], meta: { creationTimestamp: ago(HOUR) } })], older)).toBe("too-young");
    expect(said([bare({ containers: [], meta: { creationTimestamp: null } })])).toBe("age-unknown");
  });

  test("Ready=False is when it finished, unless the status was written later", () => {
    const unready = { containers: [], conditions: [condition("Ready", ago(2 * DAY), "False")] };
    const status = { ...manager([], 2 * DAY, "kubelet"), subresource: "status" };
    expect(said([bare({ ...unready, meta: { managedFields: [status] } })], older)).toBe("delete");
    const later = { ...manager([], HOUR, "kubelet"), subresource: "status" };
    expect(said([bare({ ...unready, meta: { managedFields: [later] } })], older)).toBe("choose");
  });

  test("a condition without a time dates nothing", () => {
    const undated = job("x", { conditions: [condition("Complete", null)], meta: { creationTimestamp: ago(3 * DAY) } });
    expect(said([undated], older)).toBe("choose");
  });
});

describe("pods", () => {
  test("bare ones go when they have finished", () => {
    expect(said([bare()])).toBe("delete");
    expect(said([bare({ phase: "Failed" })])).toBe("delete");
    expect(said([bare({ phase: "Running", containers: [running("main")] })])).toBeNull();
    const runs = bare({ phase: "Running", containers: [running("main")] });
    expect(said([runs], { named: named(runs) })).toBe("active");
    expect(said([runs], { named: named(runs), stopRunning: true })).toBe("active");
  });

  test("one of a finished Job goes with it, and is no item of its own", () => {
    const of = finished("of", DAY, null);
    const its = podOf(of, DAY, { meta: { name: "x" } });
    expect(said([of, its])).toBeNull();
    expect(itemNamed(planOf([of, its]), "of")!.dependents.map(({ object }) => object.name)).toEqual(["x"]);
  });

  test("one of an unfinished Job stays: the controller would run it again", () => {
    const of = job("of", { active: 1 });
    expect(said([of, podOf(of, DAY, { meta: { name: "x" } })])).toBe("unfinished-job");
    const labels = { "batch.kubernetes.io/controller-uid": of.meta.uid, "batch.kubernetes.io/job-name": "of" };
    // Let go by its Job, which takes it back.
    expect(said([of, bare({ meta: { labels } })])).toBe("unfinished-job");
  });

  test("one whose Job was not seen may have an unfinished one", () => {
    const ownerReferences = controlledBy(finished("of", DAY, null));
    const orphan = bare({ meta: { ownerReferences } });
    expect(said([orphan])).toBe("delete");
    const blind = { snapshot: { collected: ["pods"] as const } };
    const plan = planOf([orphan], {}, { snapshot: { collected: [...blind.snapshot.collected] } });
    expect(itemNamed(plan, "x")!.refusal).toBe("unfinished-job");
  });

  test("orphans go, finished ones by themselves, those that run by name and --stop-running", () => {
    const labels = { "batch.kubernetes.io/controller-uid": "uid-gone", "batch.kubernetes.io/job-name": "gone" };
    expect(said([bare({ meta: { labels } })])).toBe("delete");
    const runs = bare({ phase: "Running", containers: [running("main")], meta: { labels } });
    expect(said([runs])).toBe("active");
    expect(said([runs], { stopRunning: true, named: named(runs) })).toBe("delete");
  });

  test("what a kubelet mirrors from a file would come back", () => {
    expect(said([bare({ meta: { annotations: { "kubernetes.io/config.mirror": "abc" } } })])).toBe("recreated");
  });

  test("pods of other workloads are nobody's leftover", () => {
    const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "u", controller: true }];
    expect(said([bare({ meta: { ownerReferences } })])).toBeNull();
  });
});

describe("what somebody wants kept", () => {
  test.for(["kube-system", "kube-public", "kube-node-lease", "openshift-etcd"])(
    "%s only if it is named",
    (namespace) => {
      const one = done(DAY, { meta: { namespace } });
      expect(said([one])).toBe("protected-namespace");
      expect(said([one], { namespaces: ["database"] })).toBe("protected-namespace");
      expect(said([one], { namespaces: [namespace] })).toBe("delete");
      expect(said([one], { named: named(one) })).toBe("delete");
    },
  );

  test("namespaces that only sound like it are not protected", () => {
    expect(said([done(DAY, { meta: { namespace: "kubeflow" } })])).toBe("delete");
    expect(said([done(DAY, { meta: { namespace: "openshifted" } })])).toBe("delete");
  });

  test.for(["", "true", "false"])("the protect annotation protects, as %j too, whatever is named", (value) => {
    const annotations = { "cronaudit/protect": value };
    const one = done(DAY, { meta: { annotations } });
    expect(said([one])).toBe("protected");
    expect(said([one], { named: named(one), namespaces: ["database"], stopRunning: true })).toBe("protected");
  });

  test("it protects from above and from below", () => {
    const annotations = { "cronaudit/protect": "" };
    const owner = cronJob("nightly", { meta: { annotations } });
    expect(said([owner, finished("x", DAY, owner)])).toBe("protected");
    const of = done();
    expect(said([of, podOf(of, DAY, { meta: { annotations } })])).toBe("protected");
    const guarded = finished("of", DAY, null, { meta: { annotations } });
    const its = podOf(guarded, DAY, { meta: { name: "x" } });
    const plan = planOf([guarded, its], { named: named(its) }, { selection: { objects: named(its) } });
    expect(itemNamed(plan, "x")!.refusal).toBe("protected");
  });
});

describe("GitOps and workflow owners", () => {
  const held: [string, Parameters<typeof finished>[3]][] = [
    ["Argo CD, by annotation", { meta: { annotations: { "argocd.argoproj.io/tracking-id": "app:batch/Job:a/x" } } }],
    ["Argo CD, by label", { meta: { labels: { "argocd.argoproj.io/instance": "app" } } }],
    ["Flux", { meta: { labels: { "kustomize.toolkit.fluxcd.io/name": "app" } } }],
    ["Helm", { meta: { annotations: { "meta.helm.sh/release-name": "app" } } }],
    ["Helm, by label", { meta: { labels: { "app.kubernetes.io/managed-by": "Helm" } } }],
    [
      "a Workflow",
      {
        meta: {
          ownerReferences: [
            { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", name: "w", uid: "w", controller: true },
          ],
        },
      },
    ],
    [
      "a TaskRun",
      {
        meta: {
          ownerReferences: [{ apiVersion: "tekton.dev/v1", kind: "TaskRun", name: "t", uid: "t", controller: true }],
        },
      },
    ],
    [
      "an operator that owns without controlling",
      {
        meta: {
          ownerReferences: [{ apiVersion: "example.com/v1", kind: "Database", name: "d", uid: "d", controller: false }],
        },
      },
    ],
    ["another job controller", { spec: { managedBy: "kueue.x-k8s.io/multikueue" } }],
  ];
  test.for(held)("%s holds it, unless it is named", ([, more]) => {
    const one = done(DAY, more);
    expect(said([one])).toBe("managed");
    expect(said([one], { namespaces: ["database"] })).toBe("managed");
    expect(said([one], { named: named(one) })).toBe("delete");
  });

  test("marks that a run has from its template hold the CronJob, not the run", () => {
    const owner = cronJob("nightly");
    const labels = { "app.kubernetes.io/managed-by": "Helm", "argocd.argoproj.io/instance": "app" };
    expect(said([owner, finished("x", DAY, owner, { meta: { labels } })])).toBe("delete");
    expect(said([done(DAY, { spec: { managedBy: "kubernetes.io/job-controller" } })])).toBe("delete");
    const fromJob = { "batch.kubernetes.io/controller-uid": "uid-gone", "batch.kubernetes.io/job-name": "gone" };
    expect(said([bare({ meta: { labels: { ...labels, ...fromJob } } })])).toBe("delete");
  });
});

test("--state leaves out what is in another state", () => {
  expect(said([done()], { states: ["failed"] })).toBeNull();
  expect(said([done()], { states: ["completed"] })).toBe("delete");
});
