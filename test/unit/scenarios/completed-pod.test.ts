import { describe, expect, test } from "vitest";
import type { WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { completedPod } from "../../../src/scenarios/completed-pod.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import { ago, cronJob, DAY, forbidden, job, pod, running, template } from "../batch/objects.ts";
import { carrying, literal, reference, run, seen } from "../exposure/objects.ts";
import { bind, role, rule, user } from "../rbac/fixture.ts";
import { everywhere, granted } from "../rbac/grants.ts";

const ALICE: SubjectRef[] = [{ kind: "User", namespace: null, name: "alice" }];
const GB = "a1b2c3d4".repeat(4);

function assess(
  objects: (CronJob | Job | Pod)[],
  more: Partial<Snapshot> = {},
  from: SubjectRef[] = [],
): WorkloadReplay[] {
  return completedPod.assess(assessContext(seen(objects, more), from, () => true));
}

function only(...given: Parameters<typeof assess>): WorkloadReplay {
  const all = assess(...given);
  expect(all).toHaveLength(1);
  return all[0]!;
}

const granting = (verbs: string, resources: string, names: string[] = [], group = "") => ({
  roles: [role("database", "r", [rule(verbs, resources, names, [group])])],
  rolebindings: [bind("database", "r", "Role/r", [user("alice")])],
});
/** Grants to a user in all namespaces. */
const clusterWide = (name: string, verbs: string, resources: string, groups = [""]) => {
  const { clusterroles, clusterrolebindings } = granted([everywhere(user(name), rule(verbs, resources, [], groups))]);
  return { clusterroles, clusterrolebindings };
};
const old = { meta: { creationTimestamp: ago(40 * DAY) }, lastScheduleTime: ago(DAY) };
const bare = cronJob("backup").job;
const backup = carrying("backup", [literal(GB)], old);
const runs = [21, 14, 7].flatMap((days, at) => run(`backup-${String(at + 1)}`, days * DAY, backup, [literal(GB)]));
const ids = (one: WorkloadReplay) => one.blockedBy.map(({ id }) => id);
const factsOf = ({ facts }: WorkloadReplay) => {
  if (facts.kind !== "completed-pod") throw new Error(facts.kind);
  return facts;
};

describe("without a position, what pods get and list return", () => {
  test("a literal in finished pods succeeds, with since when and where", () => {
    const found = only([backup, ...runs]);
    expect(found).toMatchObject({
      outcome: "succeeds",
      because: "1 credential by pods get and list, in finished pods, for up to 21d1h",
      blockedBy: [],
      missing: [],
    });
    expect(factsOf(found).reads).toMatchObject([
      { name: "DB_PASSWORD", fingerprint: GB, opens: ago(21 * DAY + 3600), closesIsBound: true },
    ]);
    expect(found.path.map(({ act }) => act)).toEqual([
      "GET /api/v1/namespaces/database/pods",
      "GET /api/v1/namespaces/database/pods/backup-1-x",
    ]);
    expect(found.path[0]!.yields).toBe("3 pods of cronjob/backup, 3 finished");
    expect(found.path[1]!.yields).toBe(
      `DB_PASSWORD (fingerprint a1b2c3d4…) in spec.containers[0].env[0].value, since ${ago(21 * DAY + 3600)}, and in 2 more objects`,
    );
    expect(found.path[0]).toMatchObject({
      actor: "whoever may get and list pods in database",
      as: null,
      allowed: null,
    });
    expect(completedPod.summarise([found])).toBe("1 credential by pods get/list");
  });

  test("what would block it comes cheapest first, each with its command", () => {
    const { wouldBlock } = only([backup, ...runs]);
    expect(wouldBlock.map(({ id }) => id)).toEqual(["pod-deletion", "ttl", "no-value-in-object"]);
    expect(wouldBlock[0]!.how).toBe("kubectl cronaudit cleanup cronjob/backup -n database");
    expect(wouldBlock[1]!.how).toBe(
      `kubectl patch cronjob/backup -n database --type=merge -p '{"spec":{"jobTemplate":{"spec":{"ttlSecondsAfterFinished":3600}}}}'`,
    );
    expect(wouldBlock[2]!.how).toMatch(/^kubectl edit cronjob\/backup -n database {2}# take DB_PASSWORD out of/);
  });

  test("a running pod shows it as well", () => {
    const [its] = run("backup-9", 0, backup, [literal(GB)]);
    const active = { ...its, conditions: [], completionTime: null };
    const now = pod("backup-9-x", {
      phase: "Running",
      template: template({ literals: [literal(GB)] }),
      containers: [running("main")],
      meta: {
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name: its.meta.name, uid: its.meta.uid, controller: true },
        ],
      },
    });
    expect(only([backup, active, now])).toMatchObject({
      outcome: "succeeds",
      because: expect.stringMatching(/, in pods that have not finished,/) as string,
    });
  });

  test("what only possibly is a credential is inconclusive, and said", () => {
    const doubtful = [literal(GB, { confidence: "possible" })];
    const found = only([carrying("backup", doubtful, old), ...run("backup-1", DAY, backup, doubtful)]);
    expect(found).toMatchObject({
      outcome: "inconclusive",
      missing: ["whether DB_PASSWORD is a credential: recognised only as possible"],
    });
    expect(factsOf(found)).toMatchObject({ reads: [], misses: [{ name: "DB_PASSWORD" }] });
  });

  test("references are missed, and block", () => {
    const shape = { secretReferences: [reference("db"), reference("tls", { use: "volume", keys: null })] };
    const bound = cronJob("backup", { ...old, job: { ...bare, template: template(shape) } });
    const found = only([bound, ...run("backup-1", DAY, bound, [], { pod: shape })]);
    expect(found).toMatchObject({ outcome: "blocked", because: "value not in the pod", wouldBlock: [] });
    expect(ids(found)).toEqual(["no-value-in-object"]);
    expect(factsOf(found).misses).toEqual([
      { name: "db/password", why: "a reference: the pod names secret/db key password for a variable, not the value" },
      { name: "tls", why: "a reference: the pod names secret/tls as files, not the value" },
    ]);
    expect(found.path[1]).toMatchObject({ yields: "no value of db/password, tls" });
  });

  test("nothing at all is not applicable", () => {
    expect(only([cronJob("report", old), ...run("report-1", DAY, cronJob("report"), [])])).toMatchObject({
      outcome: "not-applicable",
      path: [],
    });
  });

  test("an annotation of the CronJob is in no pod", () => {
    const annotation = literal(GB, {
      place: "annotation",
      path: "metadata.annotations[note]",
      field: "metadata.annotations[note]",
      container: null,
    });
    const noted = cronJob("backup", { ...old, annotationLiterals: [annotation] });
    const found = only([noted, ...run("backup-1", DAY, noted, [])]);
    expect(ids(found)).toEqual(["no-value-in-object"]);
    expect(factsOf(found).misses[0]!.why).toBe("stands in the CronJob, which pods get and list do not show");
  });

  test("a printed one takes pods/log", () => {
    const line = { ...literal(GB), place: "log" as const, path: "log[main]", field: "log[main]", at: ago(DAY) };
    const printed = pod("p", { logLiterals: [line] });
    const logs = { containers: 1, unread: [], bytesEach: 1 };
    const found = only([printed], { logs });
    expect(found).toMatchObject({ outcome: "blocked" });
    expect(factsOf(found).misses[0]!.why).toMatch(/pods\/log/);
    const reader = only([printed], { logs, ...granting("get", "pods/log") }, ALICE);
    expect(reader).toMatchObject({ outcome: "succeeds" });
    expect(reader.path.at(-1)!.act).toBe("GET /api/v1/namespaces/database/pods/p/log");
  });

  test("what a rules file confirms is skipped, what only an annotation ignores is not", () => {
    const ignored = (confirmed: boolean) => ({ by: "file" as const, entries: ["allow[0]"], reason: null, confirmed });
    const of = (confirmed: boolean) => {
      const its = [literal(GB, { ignored: ignored(confirmed) })];
      return only([carrying("backup", its, old), ...run("backup-1", DAY, backup, its)]).outcome;
    };
    expect(of(true)).toBe("not-applicable");
    expect(of(false)).toBe("succeeds");
  });
});

describe("where no pod is left", () => {
  const without = (more: Partial<CronJob>) => carrying("backup", [literal(GB)], { ...old, ...more });
  const shape = template({ literals: [literal(GB)] });
  const jobOnly = run("backup-1", DAY, backup, [literal(GB)])[0];

  test.each([
    ["ttl", [without({ job: { ...bare, ttlSecondsAfterFinished: 60, template: shape } })]],
    ["history-limit", [without({ successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 })]],
    ["pod-deletion", [without({ suspend: true })]],
    ["pod-deletion", [without({ suspend: true }), jobOnly]],
    [
      "pod-deletion",
      [without({ suspend: true, job: { ...bare, ttlSecondsAfterFinished: 30 * DAY, template: shape } })],
    ],
    ["pod-deletion", [run("manual", DAY, null, [literal(GB)])[0]]],
  ] as const)("%s is what took them", (id, objects) => {
    const found = only([...objects]);
    expect(found.outcome).toBe("blocked");
    expect(ids(found)).toEqual([id]);
    expect(factsOf(found).misses).toMatchObject([{ name: "DB_PASSWORD" }]);
  });

  test("a TTL is said with its seconds, and that each run shows it until then", () => {
    const ttl = (seconds: number) => without({ job: { ...bare, ttlSecondsAfterFinished: seconds, template: shape } });
    expect(only([ttl(3600)]).because).toBe(
      "no pod is left: TTL of 3600 s; each run shows it until so long after it finished",
    );
    expect(only([ttl(3601)])).toMatchObject({
      outcome: "inconclusive",
      missing: [
        "a pod: none is left at this moment, and the next run shows it again, until 3601 s after it finished (TTL)",
      ],
    });
  });

  test.each([
    ["it runs again", [without({})], /^a pod: none is left at this moment, and the next run shows it again$/],
    ["it runs again, and its last Job is left", [without({}), jobOnly], /the next run shows it again$/],
    [
      "its last Job is left, whose pods something else than its TTL took",
      [without({ job: { ...bare, ttlSecondsAfterFinished: 60, template: shape } }), jobOnly],
      /the next run shows it again, until 60 s/,
    ],
    ["it has never run", [without({ lastScheduleTime: null })], /none has been started yet/],
    [
      "the runs are older than the template",
      [without({}), ...run("backup-1", DAY, backup, [])],
      /a run of the template as it is now/,
    ],
    ["its Job waits", [job("j", { startTime: null, spec: { suspend: true, template: shape } })], /not finished/],
  ] as const)("inconclusive where %s", (_, objects, missing) => {
    expect(only([...objects])).toMatchObject({
      outcome: "inconclusive",
      missing: [expect.stringMatching(missing) as string],
    });
  });

  test.each(["pods", "jobs"] as const)("inconclusive where %s were not seen", (resource) => {
    const ttl = without({ job: { ...bare, ttlSecondsAfterFinished: 60, template: shape } });
    const found = only([ttl], { blindSpots: [forbidden(resource, "database")] });
    expect(found).toMatchObject({
      outcome: "inconclusive",
      missing: [`${resource} could not be listed: Forbidden (database)`],
    });
  });

  test("inconclusive where a ConfigMap that it names was not seen, and nothing else is a credential", () => {
    const configMapReferences = [
      {
        configMap: "settings",
        use: "env" as const,
        keys: ["k"],
        containers: [],
        optional: false,
        path: "p",
        field: "f",
      },
    ];
    const naming = cronJob("report", { job: { ...bare, template: { ...bare.template, configMapReferences } } });
    const hidden = { blindSpots: [forbidden("configmaps", "database")] };
    expect(only([naming], hidden)).toMatchObject({
      outcome: "inconclusive",
      missing: ["what configmap/settings holds: configmaps could not be listed: Forbidden (database)"],
    });
    expect(only([naming])).toMatchObject({ outcome: "not-applicable" });
    expect(only([cronJob("report")], hidden)).toMatchObject({ outcome: "not-applicable" });
  });

  test("a file that somebody chose proves no absence", () => {
    expect(only([cronJob("report")], { source: "dump" })).toMatchObject({ outcome: "inconclusive" });
  });
});

describe("from a position", () => {
  test("a stranger is blocked by rbac", () => {
    const found = only([backup, ...runs], {}, ALICE);
    expect(found).toMatchObject({
      outcome: "blocked",
      because: "user alice may read none of the objects that hold it",
      path: [{ actor: "user alice", allowed: false, yields: "nothing: it is refused" }],
    });
    expect(ids(found)).toEqual(["rbac"]);
  });

  test("a stranger whose grants were not all seen is inconclusive", () => {
    expect(only([backup, ...runs], { blindSpots: [forbidden("rolebindings", null)] }, ALICE)).toMatchObject({
      outcome: "inconclusive",
      missing: ["roles and bindings were not all seen (database)"],
    });
    expect(only([backup, ...runs], { otherAuthorizers: true }, ALICE)).toMatchObject({ outcome: "inconclusive" });
  });

  test("a pod reader gets it from pods, by requests that are allowed", () => {
    const found = only([backup, ...runs], granting("get,list", "pods"), ALICE);
    expect(found).toMatchObject({ outcome: "succeeds" });
    expect(found.path.map(({ allowed }) => allowed)).toEqual([true, true]);
    expect(found.wouldBlock.map(({ id }) => id)).toEqual(["pod-deletion", "ttl", "rbac", "no-value-in-object"]);
    expect(completedPod.summarise([found])).toBe("1 credential by user alice");
  });

  test("who may only list gets it with the list", () => {
    const found = only([backup, ...runs], granting("list", "pods"), ALICE);
    expect(found.path.map(({ act }) => act)).toEqual(["GET /api/v1/namespaces/database/pods"]);
  });

  test("who may only get has to know a name", () => {
    const found = only([backup, ...runs], granting("get", "pods", ["backup-2-x"]), ALICE);
    expect(found.because).toMatch(/it may not list pods, so it has to know their names$/);
    expect(found.path.map(({ act }) => act)).toEqual(["GET /api/v1/namespaces/database/pods/backup-2-x"]);
  });

  test("who reads the CronJob gets it there, and no cleanup stops that", () => {
    const found = only([backup, ...runs], granting("get", "cronjobs", [], "batch"), ALICE);
    expect(found).toMatchObject({
      outcome: "succeeds",
      because: expect.stringMatching(/by user alice, in the CronJob,/) as string,
      path: [{ act: "GET /apis/batch/v1/namespaces/database/cronjobs/backup" }],
    });
    expect(found.wouldBlock.map(({ id }) => id)).toEqual(["rbac", "no-value-in-object"]);
  });

  test("where pods are gone, the control that took them blocks whoever reads pods alone", () => {
    const found = only([{ ...backup, suspend: true }], granting("get,list", "pods"), ALICE);
    expect(ids(found)).toEqual(["pod-deletion", "rbac"]);
  });

  test.each([
    ["users", "impersonate"],
    ["pods", "create"],
    ["serviceaccounts/token", "create"],
    ["pods/exec", "create"],
  ] as const)("who may become somebody else by %s is not blocked", (resource, verb) => {
    const found = only([backup, ...runs], clusterWide("alice", verb, resource), ALICE);
    expect(found).toMatchObject({
      outcome: "inconclusive",
      because: "user alice itself may read none of the objects that hold it",
      missing: [expect.stringMatching(/^whether it comes to the right as somebody else: it may /) as string],
    });
    expect(found.wouldBlock.find(({ id }) => id === "rbac")).toMatchObject({
      what: "the way by which user alice becomes somebody else is taken away; the command shows the bindings",
      how: "kubectl cronaudit access user:alice",
    });
  });

  test("who may read everything in pods, by a subresource too, reads the pod itself", () => {
    const found = only([backup, ...runs], clusterWide("alice", "*", "*", ["*"]), ALICE);
    expect(found.path.map(({ act }) => act)).toEqual([
      "GET /api/v1/namespaces/database/pods",
      "GET /api/v1/namespaces/database/pods/backup-1-x",
    ]);
  });

  test("a node reads the pods that are bound to it", () => {
    const bound = run("backup-1", DAY, backup, [literal(GB)], { pod: { nodeName: "n1" } });
    const found = only([backup, ...bound], {}, [{ kind: "User", namespace: null, name: "system:node:n1" }]);
    expect(found).toMatchObject({ outcome: "succeeds" });
    expect(found.path.at(-1)!.act).toBe("reads pod/backup-1-x as its node, or through it");
  });
});

describe("what would block it", () => {
  const MASTERS: SubjectRef = { kind: "Group", namespace: null, name: "system:masters" };
  const named = (name: string): SubjectRef[] => [{ kind: "User", namespace: null, name }];
  const rbacOf = (one: WorkloadReplay) => one.wouldBlock.find(({ id }) => id === "rbac");
  const reading = (name: string) => clusterWide(name, "get,list", "pods");

  test("the grant is looked for by the subject that it names", () => {
    expect(rbacOf(only([backup, ...runs], {}, [...ALICE, MASTERS]))).toMatchObject({
      what: "what lets group system:masters read it is taken away; the command shows the bindings",
      how: "kubectl cronaudit access group:system:masters",
    });
    expect(rbacOf(only([backup, ...runs], reading("alice"), [...ALICE, MASTERS]))).toMatchObject({
      how: "kubectl cronaudit access user:alice  # then kubectl cronaudit access group:system:masters",
    });
    const account: SubjectRef = { kind: "ServiceAccount", namespace: "other", name: "robot" };
    const more = reading("system:serviceaccount:other:robot");
    expect(rbacOf(only([backup, ...runs], more, [account]))!.how).toBe("kubectl cronaudit access sa/robot -n other");
  });

  test("a user's name is one word of a shell, whatever it holds", () => {
    const name = "John Doe; touch 'x'";
    expect(rbacOf(only([backup, ...runs], reading(name), named(name)))!.how).toBe(
      String.raw`kubectl cronaudit access 'user:John Doe; touch '\''x'\'''`,
    );
  });

  const shape = template({ literals: [literal(GB)] });
  const manual = (ttl: number | null, more: Partial<Job["meta"]> = {}): [Job, Pod] => {
    const [its, left] = run("manual", DAY, null, [literal(GB)], { spec: { ttlSecondsAfterFinished: ttl } });
    return [{ ...its, meta: { ...its.meta, ...more } }, left];
  };

  test("a TTL that would take a finished Job at once comes after cleanup, with the evidence to save", () => {
    const { wouldBlock } = only(manual(null));
    expect(wouldBlock.map(({ id }) => id)).toEqual(["pod-deletion", "ttl"]);
    expect(wouldBlock[1]!.what).toMatch(
      /; it has finished, so it goes an hour after that or at once \(save the evidence first: kubectl cronaudit snapshot evidence\.jsonl\.gz -n database\)$/,
    );
  });

  test.each([
    ["is shorter", 600, {}, false],
    ["is an hour", 3600, {}, false],
    ["is longer", 7200, {}, true],
    ["is none, of a Job that is being deleted", null, { deletionTimestamp: ago(60), finalizers: ["x/y"] }, false],
  ] as const)("a TTL is offered by what %s", (_, ttl, more, offered) => {
    const { wouldBlock } = only(
      manual(ttl, { ...more, finalizers: [...("finalizers" in more ? more.finalizers : [])] }),
    );
    expect(wouldBlock.some(({ id }) => id === "ttl")).toBe(offered);
  });

  test.each([
    [600, false],
    [7200, true],
  ])("a CronJob's TTL of %i s", (seconds, offered) => {
    const owner = carrying("backup", [], {
      ...old,
      job: { ...bare, ttlSecondsAfterFinished: seconds, template: shape },
    });
    const { wouldBlock } = only([owner, ...run("backup-1", 60, owner, [literal(GB)])]);
    expect(wouldBlock.some(({ id }) => id === "ttl")).toBe(offered);
  });

  test("what still runs is not cleaned up, but started again without the value", () => {
    const active = job("manual", { spec: { template: shape } });
    const now = pod("manual-x", {
      phase: "Running",
      template: shape,
      containers: [running("main")],
      meta: {
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "Job", name: "manual", uid: active.meta.uid, controller: true },
        ],
      },
    });
    const { wouldBlock } = only([active, now]);
    expect(wouldBlock.map(({ id }) => id)).toEqual(["ttl", "no-value-in-object"]);
    expect(wouldBlock[1]!.how).toBe("recreate job/manual -n database with DB_PASSWORD from a Secret");
  });

  test("a value that only old runs hold goes with them, also where the CronJob is read", () => {
    const past = run("backup-0", 20 * DAY, backup, [literal("f0".repeat(16), { name: "OLD" })]);
    const rights = clusterWide("alice", "get,list", "pods,cronjobs,jobs", ["", "batch"]);
    const { wouldBlock } = only([backup, ...past], rights, ALICE);
    expect(wouldBlock.map(({ id }) => id)).toEqual(["pod-deletion", "ttl", "rbac", "no-value-in-object"]);
    expect(wouldBlock.filter(({ how }) => how?.startsWith("kubectl delete") === true)).toEqual([]);
  });
});

describe("the sentence for the table", () => {
  test("counts a credential once, and names how many workloads fall", () => {
    const other = run("manual", DAY, null, [literal(GB)]);
    const all = assess([backup, ...runs, ...other, cronJob("report")]);
    expect(completedPod.summarise(all)).toBe("1 credential by pods get/list (in 2 of 3 workloads)");
  });

  test("says what blocks, or what is missing", () => {
    expect(completedPod.summarise(assess([cronJob("report")]))).toBe("no credential is used");
    expect(completedPod.summarise([])).toBe("no credential is used");
    const shape = { secretReferences: [reference("db")] };
    expect(completedPod.summarise(assess([pod("p", { template: template(shape) })]))).toBe("value not in the pod");
  });
});
