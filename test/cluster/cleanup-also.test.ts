import { readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { limiter } from "../../src/evidence/limit.ts";
import type { CleanupPlan, CleanupResult } from "../../src/model/cleanup.ts";
import { actAs, allow, ensure, find, list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { cronJob, job } from "../control-plane/cast/character.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import type { Stored } from "../control-plane/story.ts";
import { useCluster } from "../control-plane/test.ts";
import { finishedJob, finishJob, podsOf, runNow } from "../control-plane/time.ts";
import {
  cleanUp,
  evidenceIn,
  here,
  inFolder,
  journalIn,
  killed,
  outcomes,
  planOf,
  podSpec,
  run,
  uidsIn,
  useFolders,
} from "./cleanup/stage.ts";
import { cronaudit } from "./program.ts";

const cluster = useCluster({ needs: ["fake-node"] });
const newFolder = useFolders();
/** Far from now, so that no run starts by itself. */
const NEVER = "0 0 1 1 *";

async function owner(name: string, spec: Stored = {}): Promise<Stored> {
  const { plane, namespace } = cluster;
  return must(plane, "POST", pathOf("CronJob", namespace), cronJob(namespace, name, NEVER, podSpec, spec));
}

/** A finished run of the CronJob, as `kubectl create job --from` makes one. */
async function runOf(of: Stored, name: string, spec: Stored = {}): Promise<Stored> {
  const { plane, namespace } = cluster;
  await begun(of, name, spec);
  return finishedJob(plane, namespace, name);
}

async function begun(of: Stored, name: string, spec: Stored = {}): Promise<Stored> {
  const { plane, namespace } = cluster;
  const manifest = job(namespace, name, podSpec, spec);
  const { uid, name: ofName } = of["metadata"] as { uid: string; name: string };
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "CronJob", name: ofName, uid, controller: true }];
  return must(plane, "POST", pathOf("Job", namespace), {
    ...manifest,
    metadata: { ...manifest["metadata"], ownerReferences },
  });
}

const specOf = async (name: string): Promise<Stored> =>
  (await must(cluster.plane, "GET", pathOf("CronJob", cluster.namespace, name)))["spec"];
const changed = ({ changes }: CleanupResult): string[] =>
  changes.map(({ way, object, outcome }) => `${way} ${object.name}: ${outcome}`);
const jobs = async (): Promise<string[]> =>
  (await list(cluster.plane, "Job", cluster.namespace)).map(({ metadata }) => String(metadata.name)).sort();

describe("changes beside a cleanup", () => {
  test("suspend: no run starts any more, before the first deletion; of the CronJobs of what is chosen alone", async () => {
    const { plane, namespace } = cluster;
    const [nightly] = [await owner("nightly"), await owner("other")];
    await runOf(nightly, "nightly-1");
    const plan = await planOf(cluster, ["--also", "suspend"]);
    expect(plan.changes).toMatchObject([
      {
        way: "suspend",
        decision: "change",
        patch: { spec: { suspend: true } },
        object: { name: "nightly" },
        takes: [],
      },
    ]);
    const folder = await newFolder();
    const order: string[] = [];
    const reached = (step: string): Promise<void> => Promise.resolve(void order.push(step));
    const { result, status, error } = await here(
      plane.adminKubeconfig,
      inFolder(namespace, folder, ["--yes", "--also", "suspend"]),
      { reached },
    );
    expect([error, status]).toEqual([null, 0]);
    expect(changed(result!)).toEqual(["suspend nightly: done"]);
    expect(order.indexOf("change: settled")).toBeLessThan(order.indexOf("delete"));
    expect(order.indexOf("evidence")).toBeLessThan(order.indexOf("change: patch"));
    expect([(await specOf("nightly"))["suspend"], (await specOf("other"))["suspend"]]).toEqual([true, false]);
    // Due every minute from now on, both; only one of them runs.
    for (const name of ["nightly", "other"])
      await must(plane, "PATCH", pathOf("CronJob", namespace, name), { spec: { schedule: "* * * * *" } });
    await waitFor("the other's run", async () => (await jobs()).some((name) => name.startsWith("other-")), {
      seconds: 70,
    });
    await sleep(2000);
    expect((await jobs()).filter((name) => name.startsWith("nightly-"))).toEqual([]);
    const { metadata } = await must(plane, "GET", pathOf("CronJob", namespace, "nightly"));
    const managers = (metadata.managedFields as Stored[]).map((one) => String(one["manager"]));
    expect(managers).toContain("kubectl-cronaudit");
    const kept = await evidenceIn(folder);
    expect(kept.has(String(metadata.uid))).toBe(true);
  }, 120_000);

  test("ttl: the next run goes by itself, and those that are there keep what they have", async () => {
    const { plane, namespace } = cluster;
    const nightly = await owner("nightly");
    for (const name of ["nightly-1", "nightly-2"]) await runOf(nightly, name);
    const { metadata } = await must(plane, "GET", pathOf("Job", namespace, "nightly-2"));
    const result = await cleanUp(cluster, await newFolder(), ["job/nightly-1", "--yes", "--also", "ttl=2s"]);
    expect(changed(result)).toEqual(["ttl nightly: done"]);
    expect(await jobs()).toEqual(["nightly-2"]);
    const next = await runNow(plane, namespace, "nightly");
    await waitFor("the next run to go", async () => (await find(plane, "Job", namespace, next)) === null);
    expect((await find(plane, "Job", namespace, "nightly-2"))?.["metadata"].uid).toBe(metadata.uid);
  });

  test("a CronJob that is named is changed without anything to delete; what is so already is none", async () => {
    await owner("nightly");
    const folder = await newFolder();
    const result = await cleanUp(cluster, folder, [
      "cronjob/nightly",
      "--yes",
      "--also",
      "suspend",
      "--also",
      "ttl=1h",
    ]);
    expect(changed(result)).toEqual(["suspend nightly: done", "ttl nightly: done"]);
    expect(result.items).toEqual([]);
    expect(journalIn(folder)).toMatchObject({ ended: true });
    const again = await planOf(cluster, ["cronjob/nightly", "--also", "suspend", "--also", "ttl=2h"]);
    expect(again.changes).toEqual([]);
  });

  test("protected, managed by GitOps: refused, with the reason; managed ones by their name", async () => {
    const { plane, namespace } = cluster;
    const annotate = (name: string, annotations: Stored) =>
      must(plane, "PATCH", pathOf("CronJob", namespace, name), { metadata: { annotations } });
    const synced = await owner("synced");
    await runOf(synced, "synced-1");
    await annotate("synced", { "argocd.argoproj.io/tracking-id": "x" });
    const result = await cleanUp(cluster, await newFolder(), ["--yes", "--also", "suspend"], 2);
    expect(outcomes(result)).toEqual({ "synced-1": "gone" });
    expect(result.changes).toMatchObject([
      { way: "suspend", outcome: "refused", because: expect.stringContaining("Argo CD manages it") as string },
    ]);
    expect((await specOf("synced"))["suspend"]).toBe(false);
    const named = ["cronjob/synced", "--yes", "--also", "suspend"];
    expect(changed(await cleanUp(cluster, await newFolder(), named))).toEqual(["suspend synced: done"]);
    await annotate("synced", { "cronaudit/protect": "" });
    const { changes } = await planOf(cluster, ["cronjob/synced", "--also", "ttl=1h"]);
    expect(changes).toMatchObject([
      { decision: "refuse", refusedBecause: expect.stringContaining("cronaudit/protect") as string },
    ]);
  });

  test("a dry run asks the server, and writes nothing", async () => {
    const nightly = await owner("nightly");
    for (const name of ["nightly-1", "nightly-2"]) await runOf(nightly, name);
    const folder = await newFolder();
    const before = await specOf("nightly");
    const args = ["--dry-run=server", "--also", "suspend", "--also", "ttl=1h", "--also", "history-limit=0"];
    const result = await cleanUp(cluster, folder, args);
    expect(changed(result)).toEqual([
      "suspend nightly: dry-run",
      "ttl nightly: dry-run",
      "history-limit nightly: dry-run",
    ]);
    expect(await specOf("nightly")).toEqual(before);
    expect(await jobs()).toEqual(["nightly-1", "nightly-2"]);
    expect(readdirSync(folder)).toEqual([]);
    const ttl = await cleanUp(cluster, folder, ["--dry-run=server", "--delete-by", "ttl"]);
    expect(outcomes(ttl)).toEqual({ "nightly-1": "dry-run", "nightly-2": "dry-run" });
    await sleep(1000);
    expect(await jobs()).toEqual(["nightly-1", "nightly-2"]);
  });
});

describe("a lower history limit", () => {
  test("takes nothing that was not planned: what it would take is preserved and deleted before", async () => {
    const { plane, namespace } = cluster;
    const nightly = await owner("nightly", { successfulJobsHistoryLimit: 5 });
    for (const at of [1, 2, 3, 4]) await runOf(nightly, `nightly-${String(at)}`);
    const before = await uidsIn(plane, namespace);
    const named = ["job/nightly-1", "job/nightly-2"];
    const short = await planOf(cluster, [...named, "--also", "history-limit=1"]);
    expect(short.changes).toMatchObject([
      {
        decision: "refuse",
        refusedBecause: "job/nightly-3 would go at once by it, and is not in the plan",
        takes: [{ name: "nightly-1" }, { name: "nightly-2" }, { name: "nightly-3" }],
      },
    ]);
    const plan = await planOf(cluster, [...named, "--also", "history-limit=2"]);
    expect(plan.changes).toMatchObject([{ decision: "change", patch: { spec: { successfulJobsHistoryLimit: 2 } } }]);
    const folder = await newFolder();
    const result = await cleanUp(cluster, folder, [...named, "--yes", "--also", "history-limit=2"]);
    expect(changed(result)).toEqual(["history-limit nightly: done"]);
    expect(result.summary.byOutcome).toMatchObject({ gone: 2 });
    expect(await specOf("nightly")).toMatchObject({ successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 1 });
    await sleep(3000);
    expect(await jobs()).toEqual(["nightly-3", "nightly-4"]);
    const after = await uidsIn(plane, namespace);
    const kept = await evidenceIn(folder);
    const planned = plan.items.flatMap((item) => [item.object.uid, ...item.dependents.map(({ object }) => object.uid)]);
    const gone = [...before.keys()].filter((uid) => !after.has(uid));
    expect(gone.filter((uid) => !planned.includes(uid))).toEqual([]);
    expect(gone.filter((uid) => !kept.has(uid))).toEqual([]);
    // The limit works from then on.
    await runOf(nightly, "nightly-5");
    await waitFor("the oldest to go", async () => !(await jobs()).includes("nightly-3"));
  });

  test("is not set where a run finished meanwhile: it would take one that nobody judged", async () => {
    const { plane, namespace } = cluster;
    const nightly = await owner("nightly");
    await runOf(nightly, "nightly-1");
    await runOf(nightly, "nightly-2");
    const forever = { annotations: { [podAnnotations.runFor]: "forever" } };
    await begun(nightly, "nightly-3", forever);
    await waitFor("the run", async () =>
      (await podsOf(plane, namespace, "nightly-3")).some(({ status }) => status.phase === "Running"),
    );
    const args = ["job/nightly-1", "--yes", "--also", "history-limit=1"];
    let race: Promise<unknown> | null = null;
    const reached = async (step: string): Promise<void> => {
      if (step === "evidence") await (race ??= finishJob(plane, namespace, "nightly-3"));
    };
    const { result, status } = await here(plane.adminKubeconfig, inFolder(namespace, await newFolder(), args), {
      reached,
    });
    expect(status).toBe(2);
    expect(outcomes(result!)).toEqual({ "nightly-1": "gone" });
    expect(result!.changes).toMatchObject([
      {
        way: "history-limit",
        outcome: "refused",
        because: expect.stringContaining("job/nightly-2 would go") as string,
      },
    ]);
    await sleep(2000);
    expect(await jobs()).toEqual(["nightly-2", "nightly-3"]);
    expect(await specOf("nightly")).toMatchObject({ successfulJobsHistoryLimit: 3 });
  });
});

/** A legacy token that a finished Job mounts, and what the API server says of it. */
async function legacyToken() {
  const { plane, namespace } = cluster;
  await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: "old" } });
  const metadata = { name: "old-token", annotations: { "kubernetes.io/service-account.name": "old" } };
  await must(plane, "POST", pathOf("Secret", namespace), { metadata, type: "kubernetes.io/service-account-token" });
  const token = await waitFor("the token", async () => {
    const data = (await must(plane, "GET", pathOf("Secret", namespace, "old-token")))["data"] as Stored | undefined;
    return Buffer.from(String(data?.["token"] ?? ""), "base64").toString("utf8") || null;
  });
  const volumes = [{ name: "token", secret: { secretName: "old-token" } }];
  await must(plane, "POST", pathOf("Job", namespace), job(namespace, "mounts", { ...podSpec, volumes }));
  await finishedJob(plane, namespace, "mounts");
  const file = join(await newFolder(), "token");
  await writeFile(file, token, { mode: 0o600 });
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const accepted = async (): Promise<number> => (await plane.request("POST", path, review, { token })).status;
  return { token, file, accepted };
}

describe("a legacy token", () => {
  test("is refused once its Secret is deleted; its evidence holds nothing of it", async () => {
    const { plane, namespace } = cluster;
    const { token, file, accepted } = await legacyToken();
    expect(await accepted()).toBe(201);
    const unseen = await planOf(cluster, ["--also", "delete-token"]);
    for (const change of unseen.changes) expect(change.refusedBecause).toContain("--list-secrets");
    const folder = await newFolder();
    const args = ["--list-secrets", "--yes", "--also", "delete-token", "--token-file", file];
    const { metadata } = await must(plane, "GET", pathOf("Secret", namespace, "old-token"));
    const result = await cleanUp(cluster, folder, args);
    expect(changed(result)).toEqual(["delete-token old-token: done"]);
    expect(result.summary.token?.refusedAfterSeconds).toBeLessThan(15);
    expect(await accepted()).toBe(401);
    expect(await find(plane, "Secret", namespace, "old-token")).toBeNull();
    expect((await evidenceIn(folder)).has(String(metadata.uid))).toBe(true);
    for (const name of readdirSync(folder)) expect(await readFile(join(folder, name), "latin1")).not.toContain(token);
    // A run that is over still tries a token that is given.
    const over = await cronaudit(plane.adminKubeconfig, [
      ...["cleanup", "--resume", join(folder, "case.journal"), "--token-file", file, "-o", "json"],
    ]);
    expect([over.status, (JSON.parse(over.stdout) as CleanupResult).summary.token?.user]).toEqual([0, null]);
  });

  test.each(["change: read", "change: delete", "change: answered", "change: outcome"])(
    "killed at %s, and resumed: deleted once, with its evidence",
    async (step) => {
      const { plane, namespace } = cluster;
      const { accepted } = await legacyToken();
      const { metadata } = await must(plane, "GET", pathOf("Secret", namespace, "old-token"));
      const folder = await newFolder();
      const argv = inFolder(namespace, folder, ["--list-secrets", "--yes", "--also", "delete-token"]);
      expect((await killed(plane.adminKubeconfig, argv, { step })).signal).toBe("SIGKILL");
      const { result, status } = await here(plane.adminKubeconfig, [
        "cleanup",
        "--resume",
        join(folder, "case.journal"),
      ]);
      expect([status, changed(result!)]).toEqual([0, ["delete-token old-token: done"]]);
      expect((await evidenceIn(folder)).has(String(metadata.uid))).toBe(true);
      await waitFor("the token to be refused", async () => (await accepted()) === 401);
    },
  );

  test("stays where the plan names a Secret that is none", async () => {
    const { plane, namespace } = cluster;
    await legacyToken();
    await must(plane, "POST", pathOf("Secret", namespace), { metadata: { name: "other" }, stringData: { a: "b" } });
    const plan = await planOf(cluster, ["--list-secrets", "--also", "delete-token"]);
    const { metadata } = await must(plane, "GET", pathOf("Secret", namespace, "other"));
    const [change] = plan.changes;
    const object = { ...change!.object, name: "other", uid: String(metadata.uid) };
    const result = await carriedOut({ ...plan, changes: [{ ...change!, object }] });
    expect(result.changes).toMatchObject([
      { outcome: "refused", because: "nothing that was chosen and may go now names it" },
    ]);
    expect(await find(plane, "Secret", namespace, "other")).not.toBeNull();
  });
});

describe("a plan that somebody wrote", () => {
  const resource = { group: "", version: "v1", resource: "secrets" };

  /** A finished Job and a live token that it names or not, the plan of the Job, and a change that deletes the token. */
  async function doctored(of: string) {
    const { plane, namespace } = cluster;
    await legacyToken();
    await must(plane, "POST", pathOf("Job", namespace), job(namespace, "plain", podSpec));
    await finishedJob(plane, namespace, "plain");
    const plan = await planOf(cluster, [`job/${of}`]);
    const { metadata } = await must(plane, "GET", pathOf("Secret", namespace, "old-token"));
    const uid = String(metadata.uid);
    const object = { kind: "Secret", namespace, name: "old-token", uid };
    const items = plan.items.map((item) => item.object.uid ?? "");
    const change: CleanupPlan["changes"][number] = {
      ...{
        way: "delete-token",
        object,
        resource,
        resourceVersion: null,
        because: "",
        patch: null,
        diff: [],
        takes: [],
      },
      ...{ items, decision: "change", refusedBecause: null },
    };
    return { ...plan, rules: { ...plan.rules, also: [{ way: "delete-token" as const }] }, changes: [change] };
  }
  const isThere = async (): Promise<boolean> =>
    (await find(cluster.plane, "Secret", cluster.namespace, "old-token")) !== null;

  test("deletes no token that nothing chosen names, nor one of a Job that is refused", async () => {
    const unnamed = await carriedOut(await doctored("plain"));
    expect(unnamed.changes).toMatchObject([
      { outcome: "refused", because: "nothing that was chosen and may go now names it" },
    ]);
    expect(await isThere()).toBe(true);
    const { plane, namespace } = cluster;
    const plan = await planOf(cluster, ["job/mounts", "--list-secrets", "--also", "delete-token"]);
    expect(plan.changes).toMatchObject([{ decision: "change" }]);
    await must(plane, "PATCH", pathOf("Job", namespace, "mounts"), { metadata: { labels: { touched: "yes" } } });
    const stale = await carriedOut(plan);
    expect([outcomes(stale), changed(stale)]).toEqual([{ mounts: "refused" }, ["delete-token old-token: refused"]]);
    expect(await isThere()).toBe(true);
  });

  test("deletes no token that owns something by now", async () => {
    const { plane, namespace } = cluster;
    const plan = await doctored("mounts");
    const [{ object }] = plan.changes as [CleanupPlan["changes"][number]];
    const ownerReferences = [{ apiVersion: "v1", kind: "Secret", name: object.name, uid: object.uid }];
    await must(plane, "POST", pathOf("ConfigMap", namespace), { metadata: { name: "tied", ownerReferences } });
    const result = await carriedOut(plan);
    expect(result.changes).toMatchObject([{ outcome: "refused", because: "configmap/tied would go along with it" }]);
    expect(outcomes(result)).toEqual({ mounts: "gone" });
    await sleep(2000);
    expect([await isThere(), await find(plane, "ConfigMap", namespace, "tied")]).toMatchObject([true, {}]);
  });
});

test("a CronJob that a hold suspended is refused: its release would start it again", async () => {
  const { plane, namespace } = cluster;
  await owner("nightly");
  // As a hold patches it: by a field manager of its own.
  const path = `${pathOf("CronJob", namespace, "nightly")}?fieldManager=kubectl-cronaudit-hold-1a2b3c4d`;
  await must(plane, "PATCH", path, { spec: { suspend: true } });
  const { changes } = await planOf(cluster, ["cronjob/nightly", "--also", "suspend"]);
  expect(changes).toMatchObject([
    { decision: "refuse", refusedBecause: expect.stringContaining("a hold suspended it") as string },
  ]);
});

/** Carries out a plan from a file. */
async function carriedOut(plan: CleanupPlan, said?: string[]): Promise<CleanupResult> {
  const folder = await newFolder();
  await writeFile(join(folder, "plan.json"), JSON.stringify(plan));
  const args = ["cleanup", "--plan", join(folder, "plan.json"), "--yes", "--evidence", join(folder, "e"), "-o", "json"];
  const { stdout, stderr } = await cronaudit(cluster.plane.adminKubeconfig, args);
  said?.push(stderr);
  return JSON.parse(stdout) as CleanupResult;
}

describe("a plan from a file", () => {
  test("is carried out by its own rules, which are said first; changes that do not follow from it are refused", async () => {
    const [nightly, other] = [await owner("nightly"), await owner("other")];
    await runOf(nightly, "nightly-1");
    const plan = await planOf(cluster, ["--also", "suspend", "--also", "ttl=1h"]);
    const [suspend, ttl] = plan.changes;
    const elsewhere = {
      ...suspend!,
      object: { ...suspend!.object, name: "other", uid: String(other["metadata"].uid) },
    };
    const longer = { ...ttl!, patch: { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 99 } } } } };
    const said: string[] = [];
    const result = await carriedOut({ ...plan, changes: [suspend!, elsewhere, longer] }, said);
    expect(changed(result)).toEqual(["suspend nightly: done", "suspend other: refused", "ttl nightly: refused"]);
    expect(result.changes.slice(1).map(({ because }) => because)).toEqual([
      "it goes with nothing that was chosen",
      "judged again, it would be another change than the plan's",
    ]);
    expect(said[0]).toMatch(
      /plan\.json: planned at .*\nIts rules: whatever has finished; .*\nSuspend cronjob\/nightly/,
    );
    expect([(await specOf("other"))["suspend"], (await specOf("nightly"))["jobTemplate"].spec]).toMatchObject([
      false,
      {},
    ]);
  });
});

describe("by a TTL", () => {
  test("whoever may patch Jobs and not delete them cleans up: same plan, same evidence, same verification", async () => {
    const { plane, namespace } = cluster;
    const nightly = await owner("nightly");
    for (const name of ["nightly-1", "nightly-2"]) await runOf(nightly, name);
    const actor = await actAs(plane, namespace, "patcher");
    const subjects = [{ kind: "ServiceAccount" as const, name: "patcher", namespace }];
    await allow(plane, {
      name: "sees",
      namespace,
      subjects,
      verbs: ["get", "list"],
      resources: ["*"],
      apiGroups: ["*"],
    });
    await allow(plane, {
      ...{ name: "patches", namespace, subjects, verbs: ["patch"], resources: ["jobs"], apiGroups: ["batch"] },
    });
    const system = { name: `uid-${namespace}`, namespace: null, subjects, verbs: ["get"], resources: ["namespaces"] };
    await allow(plane, { ...system, resourceNames: ["kube-system"] });
    const kubeconfig = await actor.kubeconfig();
    const folder = await newFolder();
    const before = await uidsIn(plane, namespace);
    await waitFor("the grants", async () => (await actor.request("GET", pathOf("Job", namespace))).status === 200);
    const plain = await cronaudit(kubeconfig, [
      ...inFolder(namespace, await newFolder()),
      "--yes-unseen",
      "-o",
      "json",
    ]);
    expect(Object.values(outcomes(JSON.parse(plain.stdout) as CleanupResult))).toEqual(["failed", "failed"]);
    const args = ["--yes", "--yes-unseen", "--delete-by", "ttl", "-o", "json"];
    const ran = await cronaudit(kubeconfig, inFolder(namespace, folder, args));
    expect([0, 3], ran.stderr).toContain(ran.status);
    const result = JSON.parse(ran.stdout) as CleanupResult;
    expect(outcomes(result)).toEqual({ "nightly-1": "gone", "nightly-2": "gone" });
    expect(result.items.map(({ dependentsGone }) => dependentsGone)).toEqual([1, 1]);
    const after = await uidsIn(plane, namespace);
    const kept = await evidenceIn(folder);
    expect([...before.keys()].filter((uid) => !after.has(uid) && !kept.has(uid))).toEqual([]);
    expect(journalIn(folder).ended).toBe(true);
  });

  test("a bare pod is refused, and --cascade has no say", async () => {
    const { plane, namespace } = cluster;
    await must(plane, "POST", pathOf("Job", namespace), job(namespace, "lone", podSpec));
    await finishedJob(plane, namespace, "lone");
    await must(plane, "DELETE", `${pathOf("Job", namespace, "lone")}?propagationPolicy=Orphan`);
    const plan = await planOf(cluster, ["--delete-by", "ttl", "--state", "orphaned"]);
    expect(plan.items).toMatchObject([{ object: { kind: "Pod" }, decision: "refuse", refusal: "no-ttl" }]);
    const both = await run(cluster, await newFolder(), ["--yes", "--delete-by", "ttl", "--cascade", "background"]);
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining("--cascade has no say") as string]);
  });
});

test("killed at any step of a change, and resumed: the same end, nothing twice", { timeout: 300_000 }, async () => {
  const { plane, namespace } = cluster;
  const root = await newFolder();
  const steps = ["read", "intent", "patch", "answered", "verify", "outcome", "settled"].map(
    (step) => `change: ${step}`,
  );
  const cases = [
    ...steps.map((step) => ({ step, nth: 1 })),
    ...["patch", "answered", "verify"].map((step) => ({ step: `change: ${step}`, nth: 3 })),
    ...["delete", "deleted"].map((step) => ({ step, nth: 1, by: "ttl" })),
  ].map((one, at) => ({ by: "request", ...one, label: `k${String(at)}` }));
  const few = limiter(6);
  await Promise.all(
    cases.map(({ label }) =>
      few(async () => {
        const of = await owner(label);
        for (const at of [1, 2]) await runOf(of, `${label}-${String(at)}`);
      }),
    ),
  );
  const two = limiter(2);
  const also = ["suspend", "ttl=1h", "history-limit=1"].flatMap((way) => ["--also", way]);
  const ends = await Promise.all(
    cases.map(({ step, nth, by, label }) =>
      two(async () => {
        const folder = join(root, label);
        await mkdir(folder);
        const argv = inFolder(namespace, folder, [`cronjob/${label}`, "--yes", "--delete-by", by, ...also]);
        const died = await killed(plane.adminKubeconfig, argv, { step, nth });
        expect(died.signal, `${step} was not reached: ${died.stderr}${died.stdout}`).toBe("SIGKILL");
        const resumed = await here(plane.adminKubeconfig, ["cleanup", "--resume", join(folder, "case.journal")]);
        expect(resumed.error, step).toBeNull();
        const text = await readFile(join(folder, "case.journal"), "utf8");
        const { metadata, spec } = await must(plane, "GET", pathOf("CronJob", namespace, label));
        return {
          step: `${step} ${String(nth)} ${by}`,
          status: resumed.status,
          changes: changed(resumed.result!),
          gone: Object.values(outcomes(resumed.result!)),
          outcomes: text.split('"step":"change-outcome"').length - 1,
          // Each of the three patches went through once: what stands is not sent again.
          generation: metadata.generation as number,
          spec: [spec.suspend, spec.jobTemplate.spec.ttlSecondsAfterFinished, spec.successfulJobsHistoryLimit],
        };
      }),
    ),
  );
  expect(ends).toEqual(
    cases.map(({ step, nth, by, label }) => ({
      step: `${step} ${String(nth)} ${by}`,
      status: 0,
      changes: [`suspend ${label}: done`, `ttl ${label}: done`, `history-limit ${label}: done`],
      gone: ["gone", "gone"],
      outcomes: 3,
      generation: 4,
      spec: [true, 3600, 1],
    })),
  );
  expect(await jobs()).toEqual([]);
});
