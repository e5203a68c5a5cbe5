import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiError, connect } from "../../src/cluster/index.ts";
import { readEvidence } from "../../src/evidence/file.ts";
import type { WatchEvent, WatchOptions } from "../../src/model/api.ts";
import type { ExposureReport } from "../../src/model/report.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { type Actor, actAs, allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import { cronJob, job } from "../control-plane/cast/character.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { startPlane } from "../control-plane/plane.ts";
import { useCluster } from "../control-plane/test.ts";
import { finishedJob } from "../control-plane/time.ts";
import { connectOptions } from "../faults/options.ts";
import { cronaudit, reportOf } from "./program.ts";

const cluster = useCluster({ needs: ["fake-node"] });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recovery-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const VALUES = ["hunter2Recovered", "s3cretGoneMinutes", "pr3viousTemplate"] as const;

const container = (value: string, name = "DB_PASSWORD") => ({
  containers: [{ name: "main", image: "registry.example.com/x:1", env: [{ name, value }] }],
});

/** What `snapshot` finds in this namespace, read back from its file, and what it said. */
async function captured(kubeconfig: string, namespace: string): Promise<{ snapshot: Snapshot; stderr: string }> {
  const path = join(folder, `${namespace}.jsonl`);
  const run = await cronaudit(kubeconfig, ["snapshot", path, "-n", namespace, "--force"]);
  expect(run.status === 0 || run.status === 3, run.stderr).toBe(true);
  const text = await readFile(path, "utf8");
  for (const value of VALUES) expect(text.includes(value)).toBe(false);
  const snapshot = await readEvidence({ path }, { now: new Date(), toolVersion: "test", fingerprintKey: null });
  return { snapshot, stderr: run.stderr };
}

const names = (objects: { meta: { name: string } }[] = []): string[] => objects.map(({ meta }) => meta.name);

async function remove(plane: ControlPlane, kind: string, namespace: string, name: string): Promise<void> {
  await must(plane, "DELETE", `${pathOf(kind, namespace, name)}?propagationPolicy=Background&gracePeriodSeconds=0`);
  await waitFor(`${kind} ${name} to be gone`, async () => {
    const { status } = await plane.request("GET", pathOf(kind, namespace, name));
    return status === 404;
  });
}

async function gonePods(plane: ControlPlane, namespace: string): Promise<void> {
  await waitFor("the pods to be gone", async () => {
    return (await must(plane, "GET", pathOf("Pod", namespace)))["items"].length === 0;
  });
}

describe("what was deleted a moment ago", () => {
  test("a pod, a Job with its pod and a CronJob come back as they last were, and so does what a template held", async () => {
    const { plane, namespace } = cluster;
    await must(plane, "POST", pathOf("Pod", namespace), {
      metadata: { name: "bare" },
      spec: { nodeName: plane.node, restartPolicy: "Never", ...container(VALUES[0]) },
    });
    await must(plane, "POST", pathOf("Job", namespace), job(namespace, "import", container(VALUES[1])));
    const suspended = { suspend: true };
    for (const name of ["nightly", "edited"])
      await must(
        plane,
        "POST",
        pathOf("CronJob", namespace),
        cronJob(namespace, name, "0 3 * * *", container(VALUES[2]), suspended),
      );
    await finishedJob(plane, namespace, "import");
    await remove(plane, "Pod", namespace, "bare");
    await remove(plane, "Job", namespace, "import");
    await remove(plane, "CronJob", namespace, "nightly");
    await must(plane, "PATCH", pathOf("CronJob", namespace, "edited"), {
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: "main", image: "registry.example.com/x:1" }] } } },
        },
      },
    });
    await gonePods(plane, namespace);

    const { snapshot, stderr } = await captured(plane.adminKubeconfig, namespace);
    const { earlier } = snapshot;
    expect([names(snapshot.pods), names(snapshot.jobs), names(snapshot.cronjobs)]).toEqual([[], [], ["edited"]]);
    expect(names(earlier?.jobs)).toEqual(["import"]);
    expect(names(earlier?.pods)).toEqual(["bare", expect.stringMatching(/^import-/)]);
    expect(names(earlier?.cronjobs)).toEqual(["edited", "nightly"]);
    // The last state of each, not the first that was seen: the Job had completed, its pod had ended.
    expect(earlier?.jobs[0]?.completionTime).toMatch(/^20/);
    expect(earlier?.pods[1]?.phase).toBe("Succeeded");
    expect(earlier?.pods[1]?.containers[0]?.finishedAt).toMatch(/^20/);
    const literals = [...(earlier?.pods ?? []), ...(earlier?.jobs ?? []).map(({ spec }) => spec)].map(
      ({ template }) => template.literals,
    );
    expect(literals.flat().map(({ name }) => name)).toEqual(["DB_PASSWORD", "DB_PASSWORD", "DB_PASSWORD"]);
    const held = earlier?.cronjobs.map(({ job: { template } }) => template.literals.length);
    expect([snapshot.cronjobs[0]!.job.template.literals.length, held]).toEqual([0, [1, 1]]);
    const said = "recovered 2 pods, 1 Job and 1 CronJob deleted by now and 1 CronJob as before a change: the server";
    expect(stderr).toContain(`Note: ${said}`);
    const report = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace]);
    expect(report.notes.join("\n")).toContain(said);
    expect(report.complete).toBe(true);
  });

  test("of a CronJob each version that held more is kept once, and only one that held more", async () => {
    const { plane, namespace } = cluster;
    const from = (secret: string) => ({
      containers: [{ name: "main", image: "registry.example.com/x:1", envFrom: [{ secretRef: { name: secret } }] }],
    });
    const path = pathOf("CronJob", namespace, "rotating");
    const set = (podSpec: object) =>
      must(plane, "PATCH", path, { spec: { jobTemplate: { spec: { template: { spec: podSpec } } } } });
    const manifest = cronJob(namespace, "rotating", "0 3 * * *", container(VALUES[0]), { suspend: true });
    await must(plane, "POST", pathOf("CronJob", namespace), manifest);
    await must(plane, "PATCH", path, { metadata: { labels: { touched: "yes" } } });
    await set({
      containers: [{ ...container(VALUES[1]).containers[0], env: [{ name: "DB_PASSWORD", value: VALUES[1] }] }],
    });
    await set({
      containers: [{ name: "main", image: "registry.example.com/x:1", env: null, ...from("old-db").containers[0] }],
    });
    await must(plane, "PATCH", path, { spec: { schedule: "0 4 * * *" } });
    await set({
      containers: [{ name: "main", image: "registry.example.com/x:2", envFrom: [{ secretRef: { name: "new-db" } }] }],
    });
    await must(plane, "PATCH", path, { metadata: { annotations: { "example.com/token": VALUES[2] } } });
    await must(plane, "PATCH", path, { metadata: { annotations: { "example.com/token": null } } });

    const { snapshot } = await captured(plane.adminKubeconfig, namespace);
    const [present] = snapshot.cronjobs;
    expect(present?.job.template.secretReferences.map(({ secret }) => secret)).toEqual(["new-db"]);
    const versions = snapshot.earlier?.cronjobs ?? [];
    expect(new Set(versions.map(({ meta }) => meta.uid))).toEqual(new Set([present?.meta.uid]));
    expect(
      versions.map(({ job: { template }, annotationLiterals, schedule }) => [
        template.literals.length,
        template.secretReferences.map(({ secret }) => secret),
        annotationLiterals.length,
        schedule,
      ]),
    ).toEqual([
      [1, [], 0, "0 3 * * *"],
      [1, [], 0, "0 3 * * *"],
      [0, ["old-db"], 0, "0 4 * * *"],
      [0, ["new-db"], 1, "0 4 * * *"],
    ]);
    const [first, second] = versions.map(({ job: { template } }) => template.literals[0]?.fingerprint);
    expect(first).not.toBe(second);
    // Of states that carry the same, the last one.
    expect(versions[0]?.meta.labels).toEqual({ touched: "yes" });
  });

  test("-n recovers what was in that namespace, and nothing is missed or made up beside what is still there", async () => {
    const { plane, namespace } = cluster;
    const manifest = (name: string) => cronJob(namespace, name, "0 3 * * *", container(VALUES[0]), { suspend: true });
    for (const name of ["stays", "again"]) await must(plane, "POST", pathOf("CronJob", namespace), manifest(name));
    await remove(plane, "CronJob", namespace, "again");
    // The name is there again; the object is another one.
    const { metadata } = await must(plane, "POST", pathOf("CronJob", namespace), manifest("again"));
    const { snapshot } = await captured(plane.adminKubeconfig, namespace);
    expect(names(snapshot.cronjobs)).toEqual(["again", "stays"]);
    expect(names(snapshot.earlier?.cronjobs)).toEqual(["again"]);
    expect(snapshot.earlier?.cronjobs[0]?.meta.uid).not.toBe(metadata.uid);
    expect(snapshot.earlier).toMatchObject({ jobs: [], pods: [] });
  });
});

describe("rights", () => {
  const KINDS = [
    { kind: "Pod", resource: "pods", group: "" },
    { kind: "Job", resource: "jobs", group: "batch" },
    { kind: "CronJob", resource: "cronjobs", group: "batch" },
  ];

  /** An account with one verb on the three kinds in its namespace. */
  async function holder(plane: ControlPlane, namespace: string, name: string, verbs: string[]): Promise<Actor> {
    const actor = await actAs(plane, namespace, name);
    const subjects = [{ kind: "ServiceAccount" as const, name, namespace }];
    for (const { resource, group } of KINDS)
      await allow(plane, {
        name: `${name}-${resource}`,
        namespace,
        subjects,
        verbs,
        resources: [resource],
        apiGroups: [group],
      });
    return actor;
  }

  /** A watch as an answer: what came of it, or why it was refused. */
  async function watched(actor: Actor, group: string, resource: string, options: WatchOptions) {
    const api = await connect(connectOptions({ kubeconfig: await actor.kubeconfig() }));
    const body: WatchEvent[] = [];
    try {
      for await (const event of api.watch(group, "v1", resource, options)) body.push(event);
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, body };
    } finally {
      await api.close();
    }
  }

  test("list and watch read a deleted object back, each by itself; get does not", async () => {
    const { plane, namespace } = cluster;
    const spec = { restartPolicy: "Never", ...container(VALUES[0]) };
    await must(plane, "POST", pathOf("Pod", namespace), {
      metadata: { name: "gone" },
      spec: { nodeName: plane.node, ...spec },
    });
    await must(
      plane,
      "POST",
      pathOf("Job", namespace),
      job(namespace, "gone", container(VALUES[0]), { suspend: true }),
    );
    const manifest = cronJob(namespace, "gone", "0 3 * * *", container(VALUES[0]), { suspend: true });
    await must(plane, "POST", pathOf("CronJob", namespace), manifest);
    await waitFor("the pod to end", async () => {
      return (await must(plane, "GET", pathOf("Pod", namespace, "gone")))["status"].phase === "Succeeded";
    });
    await waitFor("the Job to be seen as suspended", async () => {
      return (await must(plane, "GET", pathOf("Job", namespace, "gone")))["status"].conditions?.length > 0;
    });
    const holders = {
      get: await holder(plane, namespace, "getter", ["get"]),
      list: await holder(plane, namespace, "lister", ["list"]),
      watch: await holder(plane, namespace, "watcher", ["watch"]),
    };
    for (const { kind, resource, group } of KINDS) {
      const path = pathOf(kind, namespace);
      const version: string = (await must(plane, "GET", path))["metadata"].resourceVersion;
      await remove(plane, kind, namespace, "gone");
      const asked = {
        get: (actor: Actor) => actor.request("GET", `${path}/gone?resourceVersion=${version}`),
        list: (actor: Actor) => actor.request("GET", `${path}?resourceVersion=${version}&resourceVersionMatch=Exact`),
        watch: (actor: Actor) => watched(actor, group, resource, { namespace, from: version, until: 0, seconds: 10 }),
      };
      const verbs = ["get", "list", "watch"] as const;
      for (const verb of verbs) {
        const actor = holders[verb];
        // The authorizer needs a moment.
        await waitFor(`${verb} to be allowed`, async () => (await asked[verb](actor)).status !== 403);
        const answers = await Promise.all(verbs.map((other) => asked[other](actor)));
        const read = answers.map(({ body }) => JSON.stringify(body).includes(VALUES[0]));
        expect(read, `${kind} by ${verb}`).toEqual(verbs.map((other) => other === verb && verb !== "get"));
        const granted = verb === "get" ? 404 : 200;
        const statuses = answers.map(({ status }) => status);
        expect(statuses, `${kind} by ${verb}`).toEqual(verbs.map((other) => (other === verb ? granted : 403)));
      }
    }
  });

  test("who may list and not watch is told what that leaves out; who may list nothing recovers nothing", async () => {
    const { plane, namespace } = cluster;
    const manifest = cronJob(namespace, "gone", "0 3 * * *", container(VALUES[0]), { suspend: true });
    await must(plane, "POST", pathOf("CronJob", namespace), manifest);
    await remove(plane, "CronJob", namespace, "gone");
    const lister = await holder(plane, namespace, "only-list", ["list"]);
    const nobody = await actAs(plane, namespace, "nobody");
    await waitFor("list to be allowed", async () => {
      return (await lister.request("GET", pathOf("Pod", namespace))).status === 200;
    });
    const some = await captured(await lister.kubeconfig(), namespace);
    // Since the first of all, or since what the server has compacted meanwhile.
    expect(some.stderr).toMatch(
      /^Note: CronJobs, Jobs and pods that were both created and deleted since resourceVersion \d+ may be missing/m,
    );
    expect(some.snapshot.earlier?.at).toBe(null);
    const none = await captured(await nobody.kubeconfig(), namespace);
    expect(none.snapshot.earlier).toBe(null);
    expect(none.stderr).toContain(
      "Note: deleted objects could not be recovered: neither pods, Jobs nor CronJobs may be listed",
    );
    // No spot of its own: what is missing of the past makes no answer about the present incomplete.
    expect(none.snapshot.blindSpots.map(({ verb }) => verb)).not.toContain("watch");
  });
});

describe("after compaction", () => {
  test(
    "lists forget, and the note says since when; a watch remembers what lists forgot",
    { timeout: 240_000 },
    async () => {
      expect(cluster.plane.provider).toBe("built");
      const plane = await startPlane({ apiserver: ["--etcd-compaction-interval=15s"] });
      try {
        await forgets(plane);
      } finally {
        await plane.stop();
      }
    },
  );

  async function forgets(plane: ControlPlane): Promise<void> {
    const namespace = "forgetful";
    await must(plane, "POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const lister = await actAs(plane, namespace, "lister");
    const subjects = [{ kind: "ServiceAccount" as const, name: "lister", namespace }];
    const grant = { namespace: null, subjects, verbs: ["list"] };
    await allow(plane, { ...grant, name: "core", resources: ["pods"] });
    await allow(plane, { ...grant, name: "batch", resources: ["jobs", "cronjobs"], apiGroups: ["batch"] });
    await allow(plane, { ...grant, name: "leases", resources: ["leases"], apiGroups: ["coordination.k8s.io"] });
    const kubeconfig = await lister.kubeconfig();
    const path = pathOf("CronJob", namespace);
    const cronjob = (name: string) => cronJob(namespace, name, "0 3 * * *", container(VALUES[0]), { suspend: true });
    const at = (version: string, more = "") =>
      plane.request("GET", `${path}?resourceVersion=${version}&resourceVersionMatch=Exact${more}`);
    const found = async (file: string) => {
      const { snapshot, stderr } = await captured(file, namespace);
      const { earlier } = snapshot;
      const note = stderr.split("\n").find((line) => line.includes("the server still shows"));
      return { names: names(earlier?.cronjobs), note, version: Number(earlier?.resourceVersion), at: earlier?.at };
    };
    const change = async (kind: string, name: string, times: number) => {
      for (let time = 1; time <= times; time += 1)
        await must(plane, "PATCH", pathOf(kind, namespace, name), { metadata: { labels: { time: String(time) } } });
    };

    await must(plane, "POST", path, cronjob("stays"));
    await must(plane, "POST", path, cronjob("first"));
    const { metadata } = await must(plane, "GET", path);
    const version: string = metadata.resourceVersion;
    await waitFor("an object to change", async () => {
      return (await plane.request("GET", pathOf("ConfigMap", namespace, "kube-root-ca.crt"))).status === 200;
    });
    await change("ConfigMap", "kube-root-ca.crt", 700);
    await remove(plane, "CronJob", namespace, "first");
    const deletedAt = Date.now();

    // etcd has forgotten, the API server's own snapshots have not: the list still answers, a list by name does not.
    await plane.etcd!.compact();
    expect((await at(version)).body.items).toHaveLength(2);
    expect((await at(version, "&fieldSelector=metadata.name%3Dfirst")).status).toBe(410);
    // It was neither there at the oldest resourceVersion nor is it now; a list in between has it.
    expect(await found(kubeconfig)).toMatchObject({ names: ["first"], version: 1, at: null });

    await waitFor("the lists to forget", async () => (await at(version)).status === 410, { seconds: 90, everyMs: 500 });
    const listed = await found(kubeconfig);
    expect(listed.names).toEqual([]);
    expect(listed.version).toBeGreaterThan(Number(version));
    expect((await at(String(listed.version))).status).toBe(200);
    expect((await at(String(listed.version - 1))).status).toBe(410);
    // Dated by the API server's own Lease, which it renews every ten seconds.
    const dated = Date.parse(listed.at!);
    expect(Math.abs(dated - deletedAt)).toBeLessThan(90_000);
    expect(listed.note).toBe(
      `Note: nothing that was deleted or changed was recovered: the server still shows what was deleted since about ${listed.at!} (resourceVersion ${String(listed.version)}), and of before that little or nothing`,
    );
    const remembered = await found(plane.adminKubeconfig);
    expect(remembered.names).toEqual(["first"]);
    expect(remembered.note).toBe(
      "Note: recovered 1 CronJob deleted by now: the server still shows all that was ever deleted",
    );

    // A watch forgets what is older than 75 s, once a hundred changes of the kind came after it.
    await sleep(Math.max(0, deletedAt + 77_000 - Date.now()));
    await change("CronJob", "stays", 110);
    const after = await found(plane.adminKubeconfig);
    expect(after.names).toEqual([]);
    expect(after.note).toMatch(
      /^Note: nothing that was deleted or changed was recovered: .* since (about |resourceVersion )/,
    );
  }
});
