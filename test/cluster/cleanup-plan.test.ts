import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { CleanupItem, CleanupPlan } from "../../src/model/cleanup.ts";
import { actAs, ensure, find, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { binding, job, subject } from "../control-plane/cast/character.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import {
  daysAgo,
  finishedJob,
  hoursAgo,
  makePodOld,
  makeRunOld,
  minutesAfter,
  minutesAgo,
  podsInPhase,
  podsOf,
} from "../control-plane/time.ts";
import { reportOf } from "./program.ts";

// Kinds and APIs of its own, which would be in the way of others.
const cluster = useCluster({ needs: ["edit-etcd", "fake-node"], own: true });
const podSpec = { containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };
const FOREVER = { [podAnnotations.runFor]: "forever" };

const create = (object: Stored): Promise<Stored> =>
  must(cluster.plane, "POST", pathOf(object["kind"], object["metadata"].namespace), object);

async function finished(name: string, more: Stored = {}, metadata: Stored = {}): Promise<Stored> {
  const manifest = job(cluster.namespace, name, podSpec, more);
  await create({ ...manifest, metadata: { ...manifest["metadata"], ...metadata } });
  return finishedJob(cluster.plane, cluster.namespace, name);
}

async function plan(args: string[], { status = 0, kubeconfig = cluster.plane.adminKubeconfig } = {}) {
  return reportOf<CleanupPlan>(kubeconfig, ["cleanup", "-n", cluster.namespace, ...args], status);
}

function said({ items }: CleanupPlan): Record<string, string> {
  return Object.fromEntries(items.map(({ object, decision, refusal }) => [object.name, refusal ?? decision]));
}

const named = ({ items }: CleanupPlan, name: string): CleanupItem => items.find(({ object }) => object.name === name)!;
const ownedBy = ({ kind, apiVersion, metadata }: Stored): Stored[] => [
  {
    apiVersion: apiVersion as string,
    kind: kind as string,
    name: metadata.name as string,
    uid: metadata.uid as string,
  },
];

/** The article's rule, word for word: a pod has no status.completionTime, so the age is that since its creation. */
function articleTakes({ status, metadata }: Stored): boolean {
  const since = Date.parse((status.completionTime ?? metadata.creationTimestamp) as string);
  return status.phase === "Succeeded" && (Date.now() - since) / 1000 > 86_400;
}

describe("the source article's emergency clean-up", () => {
  test("as one command; by finish time, and without pods of Jobs that have not finished", async () => {
    const { plane, namespace } = cluster;
    for (const name of ["old", "long", "young"]) await finished(name);
    await makeRunOld(plane, namespace, "old", { created: daysAgo(3), finished: minutesAfter(daysAgo(3), 5) });
    await makeRunOld(plane, namespace, "long", { created: daysAgo(8), finished: hoursAgo(1) });
    await makeRunOld(plane, namespace, "young", { created: hoursAgo(2), finished: hoursAgo(1) });
    // One of two completions is there when somebody suspends it.
    await create(job(namespace, "halfway", podSpec, { completions: 2, parallelism: 1, suspend: false }));
    const [half] = await podsInPhase(plane, namespace, "halfway", "Succeeded");
    await must(plane, "PATCH", pathOf("Job", namespace, "halfway"), { spec: { suspend: true } });
    await waitFor("the Job to be suspended", async () => {
      const { status } = await must(plane, "GET", pathOf("Job", namespace, "halfway"));
      return (status.active ?? 0) === 0;
    });
    const isDone = (await must(plane, "GET", pathOf("Job", namespace, "halfway")))["status"].completionTime;
    expect(isDone, "the second pod came before the suspension").toBeUndefined();
    await makePodOld(plane, namespace, half!["metadata"].name, { created: daysAgo(3), finished: daysAgo(3) });

    const taken = (await list(plane, "Pod", namespace)).filter(articleTakes);
    const ofJobs = taken.map(({ metadata }) => metadata.labels["batch.kubernetes.io/job-name"] as string);
    expect(ofJobs.sort()).toEqual(["halfway", "long", "old"]);

    const ours = await plan(["--older-than", "24h"]);
    expect(said(ours)).toEqual({
      old: "delete",
      long: "too-young",
      young: "too-young",
      halfway: "suspended",
      [half!["metadata"].name as string]: "unfinished-job",
    });
    const [pod] = await podsOf(plane, namespace, "old");
    expect(named(ours, "old").dependents.map(({ object }) => object.uid)).toEqual([pod!["metadata"].uid]);
    expect(ours.summary).toMatchObject({ toDelete: 1, toChoose: 0, refused: 4, pods: 1, others: 0 });
    // Nothing was touched by it.
    expect((await list(plane, "Pod", namespace)).length).toBe(4);
  });

  test("a pod of which nothing says when it finished is old at most, and needs a choice", async () => {
    const { plane, namespace } = cluster;
    await create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "bare", namespace },
      spec: { nodeName: plane.node, restartPolicy: "Never", ...podSpec },
    });
    const path = pathOf("Pod", namespace, "bare");
    await waitFor("the pod to finish", async () => (await must(plane, "GET", path))["status"].phase === "Succeeded");
    expect(said(await plan(["--older-than", "24h"]))).toEqual({ bare: "too-young" });
    await makePodOld(plane, namespace, "bare", { created: daysAgo(3), finished: daysAgo(2) });
    expect(said(await plan(["--older-than", "24h"]))).toEqual({ bare: "delete" });
    await must(plane, "PATCH", `${path}/status`, { status: { containerStatuses: null, conditions: null } });
    const bound = named(await plan(["--older-than", "24h"]), "bare");
    expect(bound).toMatchObject({ decision: "choose", ageIsBound: true, finishedAt: null });
  });
});

describe("what goes along", () => {
  const CRD = "widgets.cleanup.rig.test";

  async function widgets(): Promise<void> {
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    await must(cluster.plane, "POST", path, {
      metadata: { name: CRD },
      spec: {
        group: "cleanup.rig.test",
        scope: "Namespaced",
        names: { plural: "widgets", singular: "widget", kind: "Widget" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    });
    await waitFor("the kind to be served", async () => {
      const target = `/apis/cleanup.rig.test/v1/namespaces/${cluster.namespace}/widgets`;
      return (await cluster.plane.request("GET", target)).status === 200;
    });
  }

  /** uids of everything in the namespace of these kinds, without what is going; no controller here lets a volume claim go. */
  async function there(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const paths = [
      ...["Pod", "Job", "Secret", "ConfigMap"].map((kind) => pathOf(kind, cluster.namespace)),
      `/api/v1/namespaces/${cluster.namespace}/persistentvolumeclaims`,
      `/apis/cleanup.rig.test/v1/namespaces/${cluster.namespace}/widgets`,
    ];
    for (const path of paths) {
      const { items } = await must(cluster.plane, "GET", path);
      for (const { metadata } of items as Stored[]) {
        if (metadata.deletionTimestamp === undefined) found.set(metadata.uid as string, metadata.name as string);
      }
    }
    return found;
  }

  test("every uid that disappears with a Job was in its plan, of all kinds and depths", async () => {
    const { plane, namespace } = cluster;
    await widgets();
    const owner = await finished("import");
    const [pod] = await podsOf(plane, namespace, "import");
    const secret = await create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "tmp", namespace, ownerReferences: ownedBy({ ...pod!, apiVersion: "v1", kind: "Pod" }) },
    });
    await must(plane, "POST", `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: "data", ownerReferences: ownedBy({ ...pod!, apiVersion: "v1", kind: "Pod" }) },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
    });
    const deep = { ...secret, apiVersion: "v1", kind: "Secret" };
    await create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "deep", namespace, ownerReferences: ownedBy(deep) },
    });
    await must(plane, "POST", `/apis/cleanup.rig.test/v1/namespaces/${namespace}/widgets`, {
      apiVersion: "cleanup.rig.test/v1",
      kind: "Widget",
      metadata: { name: "report", ownerReferences: ownedBy({ ...owner, apiVersion: "batch/v1", kind: "Job" }) },
    });
    const other = await finished("other");
    await create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "both",
        namespace,
        ownerReferences: [owner, other].flatMap((one) => ownedBy({ ...one, apiVersion: "batch/v1", kind: "Job" })),
      },
    });

    const before = await plan([]);
    const item = named(before, "import");
    expect(item.decision).toBe("choose");
    expect(
      item.dependents.map(({ object, resource, needsChoice, shared }) => ({
        name: object.kind === "Pod" ? "pod" : object.name,
        resource: `${resource.resource}.${resource.group}`,
        needsChoice,
        shared,
      })),
    ).toEqual([
      { name: "pod", resource: "pods.", needsChoice: false, shared: false },
      { name: "data", resource: "persistentvolumeclaims.", needsChoice: true, shared: false },
      { name: "tmp", resource: "secrets.", needsChoice: true, shared: false },
      { name: "deep", resource: "configmaps.", needsChoice: true, shared: false },
      { name: "both", resource: "configmaps.", needsChoice: true, shared: true },
      { name: "report", resource: "widgets.cleanup.rig.test", needsChoice: true, shared: false },
    ]);
    const include = ["secrets", "configmaps", "persistentvolumeclaims", "widgets.cleanup.rig.test"];
    expect(said(await plan(include.flatMap((one) => ["--include", one])))).toEqual({
      import: "delete",
      other: "delete",
    });

    const all = await there();
    await must(plane, "DELETE", `${pathOf("Job", namespace, "import")}?propagationPolicy=Background`);
    const planned = new Set([item.object.uid!, ...item.dependents.map(({ object }) => object.uid!)]);
    const shared = item.dependents.find((one) => one.shared)!.object.uid!;
    await waitFor("the garbage collector", async (note) => {
      const left = await there();
      note([...left.values()].join(", "));
      return [...planned].every((uid) => uid === shared || !left.has(uid));
    });
    const left = await there();
    for (const uid of all.keys()) if (!left.has(uid)) expect(planned).toContain(uid);
    // Its other owner keeps it.
    expect(left.has(shared)).toBe(true);
  });

  test("a protected thing keeps its owner's Job, and events are nobody's dependents", async () => {
    const { plane, namespace } = cluster;
    const owner = await finished("import");
    const ownerReferences = ownedBy({ ...owner, apiVersion: "batch/v1", kind: "Job" });
    await create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "said", namespace, ownerReferences },
      involvedObject: { apiVersion: "batch/v1", kind: "Job", namespace, name: "import", uid: owner["metadata"].uid },
    });
    const clean = await plan([]);
    expect(said(clean)).toEqual({ import: "delete" });
    expect(named(clean, "import").dependents.map(({ object }) => object.kind)).toEqual(["Pod"]);
    await create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "kept", namespace, ownerReferences, annotations: { "cronaudit/protect": "" } },
    });
    expect(said(await plan(["--include", "secrets"]))).toEqual({ import: "protected" });
    expect(await find(plane, "Job", namespace, "import")).not.toBeNull();
  });
});

describe("what may not be seen", () => {
  async function holder(name: string, roles: string[]): Promise<string> {
    const { plane, namespace } = cluster;
    const text = await readFile(join(import.meta.dirname, "../../docs/rbac.yaml"), "utf8");
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Stored);
    for (const role of documents.filter(({ metadata }) => roles.includes(metadata.name as string))) {
      await ensure(plane, role);
      const unique = `${namespace}-${name}-${role["metadata"].name as string}`;
      const grant = binding(
        null,
        unique,
        `ClusterRole/${role["metadata"].name as string}`,
        subject.serviceAccount(namespace, name),
      );
      await ensure(plane, grant);
    }
    const actor = await actAs(plane, namespace, name);
    await waitFor(
      "the right to list pods",
      async () => (await actor.request("GET", "/api/v1/pods?limit=1")).status === 200,
    );
    return actor.kubeconfig();
  }

  test("kinds that may not be listed are blind spots, and need --yes-unseen", async () => {
    await finished("import");
    const kubeconfig = await holder("narrow", ["cronaudit-cleanup"]);
    const blind = await plan([], { status: 3, kubeconfig });
    expect(said(blind)).toEqual({ import: "unseen-dependents" });
    expect(blind.complete).toBe(false);
    const kinds = blind.blindSpots.map(({ resource, reason }) => `${resource}: ${reason}`);
    expect(kinds).toEqual(expect.arrayContaining(["secrets: Forbidden", "persistentvolumeclaims: Forbidden"]));
    expect(kinds).not.toContain("pods: Forbidden");
    expect(said(await plan(["--yes-unseen"], { status: 3, kubeconfig }))).toEqual({ import: "delete" });
  });

  test("with the documented roles the plan is complete", async () => {
    await finished("import");
    const kubeconfig = await holder("wide", ["cronaudit-cleanup", "cronaudit-dependents"]);
    const whole = await plan([], { kubeconfig });
    expect(whole).toMatchObject({ complete: true, blindSpots: [] });
    expect(said(whole)).toEqual({ import: "delete" });
  });

  test("an API that does not answer hides its kinds", async () => {
    await finished("import");
    const path = "/apis/apiregistration.k8s.io/v1/apiservices";
    const name = "v1.down.rig.test";
    await must(cluster.plane, "POST", path, {
      metadata: { name },
      spec: {
        group: "down.rig.test",
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { namespace: cluster.namespace, name: "nobody" },
      },
    });
    try {
      const hidden = await waitFor("discovery to notice", async () => {
        const answer = await plan([], { status: 3 }).catch(() => null);
        return answer?.blindSpots.some(({ resource }) => resource === "kinds of down.rig.test/v1") ? answer : null;
      });
      expect(said(hidden)).toEqual({ import: "unseen-dependents" });
    } finally {
      await must(cluster.plane, "DELETE", `${path}/${name}`);
    }
  });
});

describe("what stays", () => {
  test("what somebody protects, manages or runs", async () => {
    const { plane, namespace } = cluster;
    await finished("free");
    await finished(
      "argo",
      {},
      { annotations: { "argocd.argoproj.io/tracking-id": `app:batch/Job:${namespace}/argo` } },
    );
    await finished("flux", {}, { labels: { "kustomize.toolkit.fluxcd.io/name": "app" } });
    await finished("helm", {}, { labels: { "app.kubernetes.io/managed-by": "Helm" } });
    const map = await create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "operator", namespace } });
    const ownerReferences = ownedBy({ ...map, apiVersion: "v1", kind: "ConfigMap" });
    await finished("operated", {}, { ownerReferences: ownerReferences.map((one) => ({ ...one, controller: true })) });
    await finished("kept", {}, { annotations: { "cronaudit/protect": "case 17" } });
    await finished("held", {}, { finalizers: ["rig.test/keep"] });
    const protectedPod = await finished("with-kept-pod", { annotations: { "cronaudit/protect": "" } });
    expect(protectedPod["metadata"].annotations?.["cronaudit/protect"]).toBeUndefined();
    await create(job(namespace, "running", podSpec, { annotations: FOREVER }));
    await podsInPhase(plane, namespace, "running", "Running");
    const expected = {
      free: "delete",
      argo: "managed",
      flux: "managed",
      helm: "managed",
      operated: "managed",
      kept: "protected",
      held: "finalizer",
      "with-kept-pod": "protected",
      running: "active",
    };
    expect(said(await plan([]))).toEqual(expected);
    const byName = await plan(["job/argo", "job/kept", "job/operated"]);
    expect(said(byName)).toEqual({ argo: "delete", kept: "protected", operated: "delete" });
    await must(plane, "PATCH", pathOf("Job", namespace, "held"), { metadata: { finalizers: null } });
  });

  test("a Job that hangs, unless it is named and to be stopped", async () => {
    const { plane, namespace } = cluster;
    await create(job(namespace, "export", podSpec, { annotations: FOREVER }));
    await podsInPhase(plane, namespace, "export", "Running");
    await makeRunOld(plane, namespace, "export", { created: hoursAgo(7), started: minutesAgo(415) });
    const hung = named(await plan(["--state", "hung"]), "export");
    expect(hung).toMatchObject({ state: "hung", decision: "refuse", refusal: "active" });
    expect(said(await plan(["job/export"]))).toEqual({ export: "active" });
    const stopped = named(await plan(["job/export", "--stop-running"]), "export");
    expect(stopped).toMatchObject({ state: "hung", decision: "delete" });
    expect(stopped.dependents.length).toBe(1);
  });

  test("pods that their Job left behind go, and protected namespaces stay", async () => {
    const { plane, namespace } = cluster;
    await finished("gone");
    await must(plane, "DELETE", `${pathOf("Job", namespace, "gone")}?propagationPolicy=Orphan`);
    const orphans = await waitFor("the pod to be let go", async () => {
      const pods = await podsOf(plane, namespace, "gone");
      return pods.every(({ metadata }) => metadata.ownerReferences === undefined) && pods;
    });
    const orphaned = await plan(["--state", "orphaned"]);
    expect(orphaned.items.map(({ object, decision }) => [object.uid, decision])).toEqual([
      [orphans[0]!["metadata"].uid, "delete"],
    ]);

    await must(plane, "POST", pathOf("Job", "kube-system"), job("kube-system", "system-import", podSpec));
    await finishedJob(plane, "kube-system", "system-import");
    try {
      const all = await reportOf<CleanupPlan>(plane.adminKubeconfig, ["cleanup", "-l", "!nothing"]);
      expect(named(all, "system-import").refusal).toBe("protected-namespace");
      const one = await reportOf<CleanupPlan>(plane.adminKubeconfig, ["cleanup", "-n", "kube-system"]);
      expect(named(one, "system-import").decision).toBe("delete");
    } finally {
      await must(plane, "DELETE", `${pathOf("Job", "kube-system", "system-import")}?propagationPolicy=Background`);
    }
  });
});
