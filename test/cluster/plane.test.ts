import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { useCluster } from "../control-plane/test.ts";

/* eslint-disable @typescript-eslint/no-explicit-any -- raw JSON of the API */

const run = promisify(execFile);
const cluster = useCluster({ needs: ["edit-etcd", "static-tokens", "stop-controllers", "audit-log", "fake-node"] });

async function kubectl(...args: string[]): Promise<string> {
  const { plane, namespace } = cluster;
  return (await run(plane.kubectl, ["--kubeconfig", plane.adminKubeconfig, "-n", namespace, ...args])).stdout;
}

/** Asks until `done` accepts the answer's body; the last answer is in the failure. */
async function eventually(plane: ControlPlane, path: string, done: (body: any) => boolean): Promise<any> {
  for (let tries = 0; ; tries++) {
    const { body } = await plane.request("GET", path);
    if (done(body)) return body;
    if (tries === 150) throw new Error(`${path} never got there: ${JSON.stringify(body)}`);
    await sleep(100);
  }
}

function podTemplate(annotations: Record<string, string> = {}) {
  const containers = [{ name: "main", image: "registry.test/team/backup:1.4" }];
  return { metadata: { annotations }, spec: { nodeName: "rig-0", restartPolicy: "Never", containers } };
}

const seconds = (time: string) => Date.parse(time) / 1000;

describe("the plane", () => {
  test("is a ready API server of the pinned version with one ready node", async () => {
    const { plane } = cluster;
    expect((await plane.request("GET", "/readyz")).body).toBe("ok");
    expect((await plane.request("GET", "/version")).body.gitVersion).toBe(plane.version);
    const node = (await plane.request("GET", "/api/v1/nodes/rig-0")).body;
    expect(node.status.conditions.find((c: any) => c.type === "Ready").status).toBe("True");
  });

  test("knows its static users by token, with no rights but those of every user", async () => {
    const { plane, namespace } = cluster;
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const { userInfo } = (await plane.request("POST", path, review, { token: plane.users!.carol })).body.status;
    expect(userInfo).toMatchObject({ username: "carol", groups: ["developers", "oncall", "system:authenticated"] });
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    expect((await plane.request("GET", pods, undefined, { token: plane.users!.carol })).status).toBe(403);
    expect((await plane.request("GET", pods, undefined, { token: "nobody" })).status).toBe(401);
  });

  test("runs a CronJob's pod to completion with times, image and conditions as a kubelet leaves them", async () => {
    const { plane, namespace } = cluster;
    const cronJobs = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
    const spec = { schedule: "0 0 * * *", jobTemplate: { spec: { template: podTemplate() } } };
    expect((await plane.request("POST", cronJobs, { metadata: { name: "nightly" }, spec })).status).toBe(201);
    const past = {
      status: { lastScheduleTime: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 19) + "Z" },
    };
    const contentType = "application/merge-patch+json";
    expect((await plane.request("PATCH", `${cronJobs}/nightly/status`, past, { contentType })).status).toBe(200);

    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
    const [job] = (await eventually(plane, jobs, (b) => b.items[0]?.status.completionTime !== undefined)).items;
    expect(job.metadata.ownerReferences[0]).toMatchObject({ kind: "CronJob", name: "nightly", controller: true });
    const [pod] = (await plane.request("GET", `/api/v1/namespaces/${namespace}/pods`)).body.items;
    expect(pod.status.phase).toBe("Succeeded");
    const [container] = pod.status.containerStatuses;
    const { startedAt, finishedAt, exitCode, reason } = container.state.terminated;
    expect({ exitCode, reason }).toEqual({ exitCode: 0, reason: "Completed" });
    expect(seconds(startedAt)).toBeLessThan(seconds(finishedAt));
    expect(seconds(pod.metadata.creationTimestamp)).toBeLessThanOrEqual(seconds(startedAt));
    expect(seconds(finishedAt)).toBeLessThanOrEqual(seconds(job.status.completionTime));
    expect(container.imageID).toMatch(/^registry\.test\/team\/backup@sha256:[0-9a-f]{64}$/);
    expect(container.containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
    const conditions = pod.status.conditions.map((c: any) => `${c.type}=${c.status} ${c.reason ?? ""}`.trim()).sort();
    expect(conditions).toEqual([
      "ContainersReady=False PodCompleted",
      "Initialized=True PodCompleted",
      "PodReadyToStartContainers=False",
      "PodScheduled=True",
      "Ready=False PodCompleted",
    ]);
  });

  test("gives a pod the exit code, termination message and duration that its annotations ask for", async () => {
    const { plane, namespace } = cluster;
    const { exitCode, runFor, terminationMessage } = podAnnotations;
    const wanted = {
      failing: { [exitCode]: "3", [terminationMessage]: 'gave "up"\nat 3', [runFor]: "2s" },
      hung: { [runFor]: "forever" },
    };
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    for (const [name, annotations] of Object.entries(wanted)) {
      const { metadata, spec } = podTemplate(annotations);
      expect((await plane.request("POST", pods, { metadata: { ...metadata, name }, spec })).status).toBe(201);
    }
    const failing = await eventually(plane, `${pods}/failing`, (b) => b.status.phase === "Failed");
    const { terminated } = failing.status.containerStatuses[0].state;
    expect(terminated).toMatchObject({ exitCode: 3, reason: "Error", message: 'gave "up"\nat 3' });
    expect(seconds(terminated.finishedAt) - seconds(terminated.startedAt)).toBeGreaterThanOrEqual(2);
    expect((await plane.request("GET", `${pods}/hung`)).body.status.phase).toBe("Running");
  });

  test("serves kubectl describe and logs of a completed pod", async () => {
    const { plane, namespace } = cluster;
    const { metadata, spec } = podTemplate();
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await plane.request("POST", pods, { metadata: { ...metadata, name: "done" }, spec });
    await eventually(plane, `${pods}/done`, (b) => b.status.phase === "Succeeded");
    expect(await kubectl("logs", "done")).toBe("starting\nworking\ndone\n");
    expect(await kubectl("describe", "pod", "done")).toMatch(/Reason:\s+Completed/);
  });

  test("lets a test edit what is stored, and serves it at once", async () => {
    const { plane, namespace } = cluster;
    const path = `/api/v1/namespaces/${namespace}/configmaps/old`;
    await plane.request("POST", path.replace(/\/old$/, ""), { metadata: { name: "old" } });
    const key = `/registry/configmaps/${namespace}/old`;
    const stored = (await plane.etcd!.get(key)) as any;
    stored.metadata.creationTimestamp = "2020-02-29T12:00:00Z";
    await plane.etcd!.put(key, stored);
    expect((await plane.request("GET", path)).body.metadata.creationTimestamp).toBe("2020-02-29T12:00:00Z");
    await plane.etcd!.delete(key);
    expect((await plane.request("GET", path)).status).toBe(404);
    expect(await plane.etcd!.get(key)).toBeNull();
  });

  test("stops and starts its controllers from another process than the one that started it", async () => {
    const { plane, namespace } = cluster;
    await plane.stopControllers();
    try {
      const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
      const job = { metadata: { name: "waits" }, spec: { template: podTemplate() } };
      expect((await plane.request("POST", jobs, job)).status).toBe(201);
      await sleep(2000);
      expect((await plane.request("GET", `/api/v1/namespaces/${namespace}/pods`)).body.items).toEqual([]);
      await plane.startControllers();
      await eventually(plane, `${jobs}/waits`, (b) => b.status.completionTime !== undefined);
    } finally {
      await plane.startControllers();
    }
  });

  test("logs the bodies of writes to pods and batch, and of nothing else", async () => {
    const { plane, namespace } = cluster;
    const { metadata, spec } = podTemplate();
    await plane.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { ...metadata, name: "seen" },
      spec,
    });
    await plane.request("GET", `/api/v1/namespaces/${namespace}/pods`);
    await plane.request("POST", `/api/v1/namespaces/${namespace}/secrets`, { metadata: { name: "unseen" } });
    const events = (await run("grep", ["-F", `"namespace":"${namespace}"`, plane.auditLog!])).stdout.trim().split("\n");
    const level = (verb: string, resource: string, user: string) =>
      events
        .map((line) => JSON.parse(line))
        .find((e) => e.verb === verb && e.objectRef.resource === resource && e.user.username === user)?.level;
    expect(level("create", "pods", "admin")).toBe("RequestResponse");
    expect(level("list", "pods", "admin")).toBe("Metadata");
    expect(level("create", "secrets", "admin")).toBe("Metadata");
  });
});
