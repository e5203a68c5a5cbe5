import { describe, expect, it, test } from "vitest";
import { changeKey } from "../../../src/cleanup/changes/index.ts";
import { begin, finish, newRun } from "../../../src/cleanup/carry-out.ts";
import { Journal } from "../../../src/cleanup/journal.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import { isOver, runOf } from "../../../src/cleanup/resume.ts";
import type { Work } from "../../../src/cleanup/work.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Also, CleanupChange } from "../../../src/model/cleanup.ts";
import { Failure } from "./bundle-fixture.ts";
import { rules } from "./objects.ts";
import { chosenItem, FakeServer, jobAndPod, keptOf, Memory, pathOf, planHead, workOver } from "./run-fixture.ts";

const PATIENCE = { milliseconds: 3000, firstPoll: 200, longestPoll: 1000 };
const HEAD = { tool: "t", operator: { user: null, local: null } };
const SECRET = { kind: "Secret", namespace: "database", name: "ci-token", uid: "uid-ci-token" };
const CRON_JOB = { kind: "CronJob", namespace: "database", name: "nightly", uid: "uid-nightly" };
const RESOURCES = {
  Secret: { group: "", version: "v1", resource: "secrets" },
  CronJob: { group: "batch", version: "v1", resource: "cronjobs" },
};

function change(object: CleanupChange["object"], more: Partial<CleanupChange> = {}): CleanupChange {
  const isToken = object.kind === "Secret";
  return {
    way: isToken ? "delete-token" : "suspend",
    object,
    resource: isToken ? RESOURCES.Secret : RESOURCES.CronJob,
    resourceVersion: "5",
    because: "",
    patch: isToken ? null : { spec: { suspend: true } },
    diff: isToken ? [] : [" spec:", "-  suspend: false", "+  suspend: true"],
    takes: [],
    items: ["uid-a"],
    decision: "change",
    refusedBecause: null,
    ...more,
  };
}

function stored(object: CleanupChange["object"], more: Json): Json {
  const { kind, ...names } = object;
  return { kind, metadata: { ...names, resourceVersion: "5" }, ...more };
}

/** Job a, which names the token's Secret and is a run of the CronJob, and the change of one of these. */
function stage(
  one = change(SECRET),
  acts: (set: { server: FakeServer; job: Json; pod: Json }) => void = () => undefined,
) {
  const { job, pod } = jobAndPod("a");
  const { spec } = (job["spec"] as { template: { spec: Json } }).template;
  spec["volumes"] = [{ name: "token", secret: { secretName: "ci-token" } }];
  controlledBy(job, CRON_JOB);
  const server = new FakeServer({ job, pod });
  const secret = stored(SECRET, { type: "kubernetes.io/service-account-token" });
  const cronJob = stored(CRON_JOB, {
    apiVersion: "batch/v1",
    spec: { schedule: "0 0 * * *", suspend: false, jobTemplate: { spec: {} } },
  });
  for (const object of [secret, cronJob]) server.objects.set(pathOf(object), object);
  acts({ server, job, pod });
  const memory = new Memory();
  const run = newRun([chosenItem("a", { owner: CRON_JOB })], [one]);
  const also: Also[] = [{ way: "delete-token" }, { way: "suspend" }];
  const work = workOver(server, memory, { rules: rules({ also }) });
  const kept = new Map([...keptOf("a"), ["uid-ci-token", "5"], ["uid-nightly", "5"]]);
  const done = () => run.changed.get(changeKey({ way: one.way, uid: one.object.uid }));
  const go = (more: Partial<Work> = {}) => finish(run, kept, { ...work, ...more }, PATIENCE);
  return {
    server,
    memory,
    run,
    work,
    kept,
    done,
    go,
    secret,
    cronJob,
    isThere: () => server.names().includes("ci-token"),
  };
}

function controlledBy(job: Json, { kind, name, uid }: CleanupChange["object"]): void {
  const owner = { apiVersion: "batch/v1", kind, name, uid, controller: true };
  Object.assign(job["metadata"] as Json, { ownerReferences: [owner] });
}

const renamed = (job: Json, by: Json): void => void Object.assign(job["metadata"] as Json, by);

/** Something that the Secret owns. */
const tied: Json = {
  metadata: { name: "tied", namespace: "database", uid: "uid-tied", ownerReferences: [{ uid: SECRET.uid }] },
};
const CONFIG_MAPS = {
  ...{ group: "", version: "v1", resource: "configmaps", kind: "ConfigMap" },
  ...{ namespaced: true, verbs: ["delete", "list", "watch"] },
};

describe("the Secret of a legacy token goes", () => {
  it("with what was chosen, names it, and may go", async () => {
    const set = stage();
    await set.go();
    expect(set.done()).toMatchObject({ outcome: "done" });
    expect(set.isThere()).toBe(false);
    expect(set.memory.steps).toContainEqual(
      expect.objectContaining({ step: "vouched", way: "delete-token", uid: "uid-ci-token", by: "uid-a" }),
    );
  });

  const nothing = "nothing that was chosen and may go now names it";
  it.each<[string, Parameters<typeof stage>[1], string]>([
    ["it is named by nothing that was chosen", ({ job, pod }) => unnamed(job, pod), nothing],
    ["the Job changed since", ({ job }) => renamed(job, { resourceVersion: "9" }), nothing],
    ["the Job is protected", ({ job }) => renamed(job, { annotations: { "cronaudit/protect": "" } }), nothing],
    ["the Job still runs", ({ job }) => void (job["status"] = { active: 1 }), nothing],
    ["the Job was made anew", ({ job }) => renamed(job, { uid: "uid-b" }), nothing],
    [
      "the Secret is of another type",
      ({ server }) => void Object.assign(server.objects.get(pathOf(stored(SECRET, {})))!, { type: "Opaque" }),
      "it is no ServiceAccount token",
    ],
    [
      "the Secret owns something",
      ({ server }) => void server.extra.push({ kind: CONFIG_MAPS, items: [tied] }),
      "configmap/tied would go along with it",
    ],
  ])("not where %s", async (_, acts, because) => {
    const set = stage(undefined, acts);
    await set.go();
    expect(set.done()).toEqual({ outcome: "refused", because });
    expect(set.isThere()).toBe(true);
  });

  it("not where the Job is not in the evidence, nor where what would go along was not seen", async () => {
    const set = stage();
    set.kept.delete("uid-a");
    await set.go();
    expect([set.done()?.because, set.isThere()]).toEqual([nothing, true]);
    const blind = stage();
    const discover = () => Promise.resolve({ resources: [], unseen: ["x.test/v1"] });
    const go = (yesUnseen: boolean) =>
      blind.go({ api: { ...blind.server.api, discover }, rules: { ...blind.work.rules, yesUnseen } });
    await go(false);
    expect([blind.done()?.because, blind.isThere()]).toEqual([nothing, true]);
    // The Job was looked at whole, and the Secret was not.
    const late = stage();
    let isSeen = true;
    late.server.after = () => void (isSeen = false);
    const api = {
      ...late.server.api,
      discover: () => Promise.resolve({ resources: [], unseen: isSeen ? [] : ["x.test/v1"] }),
    };
    await late.go({ api });
    expect([late.done()?.because, late.isThere()]).toEqual([
      "what would go along with it was not all seen (kinds of x.test/v1): --yes-unseen accepts that",
      true,
    ]);
  });

  it.each<Partial<CleanupChange>>([
    { resource: { ...RESOURCES.Secret, group: "x.test" } },
    { resource: { ...RESOURCES.Secret, version: "v2" } },
    { resource: { ...RESOURCES.Secret, resource: "configmaps" } },
    { object: { ...SECRET, namespace: null } },
  ])("by no other resource than its own: %o", async (more) => {
    const set = stage(change(SECRET, more));
    await set.go();
    expect(set.done()).toEqual({ outcome: "refused", because: "the plan's rules ask for no such change" });
    expect(set.isThere()).toBe(true);
  });

  it("in a resumed run as well, whose Job is gone by then", async () => {
    for (let nth = 1; nth < 40; nth++) {
      const set = stage();
      let steps = 0;
      const reached = () => ((steps += 1) >= nth ? Promise.reject(new Error("killed")) : Promise.resolve());
      set.memory.before = () => {
        if (steps >= nth) throw new Error("killed");
      };
      const head = planHead({ rules: set.work.rules, changes: [...set.run.changes] });
      await begin(set.work.journal!, head, set.run, HEAD);
      await set.work.journal!.write({ step: "evidence", evidence: { path: "x", sha256: "y" }, missing: [] });
      await set.go({ reached }).catch(() => undefined);
      set.memory.before = () => undefined;
      const state = readJournal(set.memory.text, "j");
      const run = runOf(state, "j");
      await finish(run, set.kept, { ...set.work, journal: new Journal(set.memory, set.work.now, state.end) }, PATIENCE);
      expect([...run.changed.values()], `step ${String(nth)}`).toMatchObject([{ outcome: "done" }]);
      expect(set.server.names()).toEqual(["nightly"]);
    }
  });

  it("or fails alone where a list of it fails: the run goes on", async () => {
    const set = stage();
    const { list } = set.server.api;
    const api = {
      ...set.server.api,
      list: (...[group, version, resource, options]: Parameters<typeof list>) => {
        if (options.fieldSelector?.includes("type=") === true) throw new Failure(500, "InternalError");
        return list(group, version, resource, options);
      },
    };
    await set.go({ api });
    expect(set.done()).toMatchObject({ outcome: "failed" });
    expect([set.memory.steps.at(-1)!.step, set.isThere()]).toEqual(["end", true]);
  });
});

/** The Job and its pod without the volume. */
function unnamed(job: Json, pod: Json): void {
  delete (job["spec"] as { template: { spec: Json } }).template.spec["volumes"];
  delete (pod["spec"] as Json)["volumes"];
}

describe("a CronJob is changed", () => {
  const nothing = { outcome: "refused", because: "it goes with nothing that was chosen" };

  it.each<[string, Parameters<typeof stage>[1]]>([
    ["of another CronJob", ({ job }) => controlledBy(job, { ...CRON_JOB, name: "other", uid: "uid-other" })],
    ["of none", ({ job }) => renamed(job, { ownerReferences: [] })],
    ["that is gone", ({ server, job }) => void server.objects.delete(pathOf(job))],
  ])("by no Job %s, whatever owner the plan gives it", async (_, acts) => {
    const set = stage(change(CRON_JOB), acts);
    await set.go();
    expect(set.done()).toEqual(nothing);
    expect(set.server.patches).toEqual([]);
  });

  it("by no pod but one of its Job's", async () => {
    const pod = (ownerReferences: Json[]) => {
      const set = stage(change(CRON_JOB, { items: ["uid-a-x"] }), (given) => renamed(given.pod, { ownerReferences }));
      const object = { kind: "Pod", namespace: "database", name: "a-x", uid: "uid-a-x" };
      const resource = { group: "", version: "v1", resource: "pods" };
      const item = chosenItem("a", { object, resource, resourceVersion: "8", dependents: [] });
      return { ...set, go: () => finish(Object.assign(set.run, { chosen: [item] }), set.kept, set.work, PATIENCE) };
    };
    const bare = pod([]);
    await bare.go();
    expect(bare.done()).toEqual(nothing);
    const own = pod([{ apiVersion: "batch/v1", kind: "Job", name: "a", uid: "uid-a", controller: true }]);
    await own.go();
    expect(own.done()).toMatchObject({ outcome: "done" });
  });

  it("for its own name without any", async () => {
    const set = stage(change(CRON_JOB, { items: [] }));
    await set.go({ rules: { ...set.work.rules, named: [CRON_JOB] } });
    expect(set.done()).toMatchObject({ outcome: "done" });
  });

  it("not without its evidence", async () => {
    const set = stage(change(CRON_JOB));
    set.kept.delete("uid-nightly");
    await set.go();
    expect(set.done()).toEqual({ outcome: "refused", because: "its evidence was not preserved" });
    expect(set.server.patches).toEqual([]);
  });

  it("not where a hold suspended it meanwhile", async () => {
    const set = stage(change(CRON_JOB));
    Object.assign(set.cronJob["spec"] as Json, { suspend: true });
    const fieldsV1 = { "f:spec": { "f:suspend": {} } };
    const managedFields = [{ manager: "kubectl-cronaudit-hold-1a2b3c4d", operation: "Update", fieldsV1 }];
    Object.assign(set.cronJob["metadata"] as Json, { managedFields });
    await set.go();
    expect(set.done()).toMatchObject({ outcome: "refused", because: expect.stringContaining("a hold") as string });
  });
});

test("what nobody could read is read again when the run goes on", async () => {
  const set = stage(change(CRON_JOB));
  const head = planHead({ rules: set.work.rules, changes: [...set.run.changes] });
  await begin(set.work.journal!, head, set.run, HEAD);
  await set.work.journal!.write({ step: "evidence", evidence: { path: "x", sha256: "y" }, missing: [] });
  let isDown = false;
  set.server.afterPatch = () => void (isDown = true);
  const get = (path: string): Promise<Json> =>
    isDown && path.endsWith("nightly") ? Promise.reject(new Failure(503, "Down")) : set.server.api.get(path);
  await set.go({ api: { ...set.server.api, get } });
  expect(set.done()).toMatchObject({ outcome: "unknown" });
  const state = readJournal(set.memory.text, "j");
  const run = runOf(state, "j");
  expect(isOver(state, run)).toBe(false);
  await finish(run, set.kept, { ...set.work, journal: new Journal(set.memory, set.work.now, state.end) }, PATIENCE);
  expect([...run.changed.values()]).toMatchObject([{ outcome: "done" }]);
  expect(set.server.patches.length).toBe(1);
  const after = readJournal(set.memory.text, "j");
  expect(isOver(after, runOf(after, "j"))).toBe(true);
});
