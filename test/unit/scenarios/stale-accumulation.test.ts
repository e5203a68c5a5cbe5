import { describe, expect, test } from "vitest";
import type { CredentialHistory, WorkloadReplay } from "../../../src/model/replay-report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Literal, Pod } from "../../../src/model/workload.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import { staleAccumulation } from "../../../src/scenarios/stale-accumulation.ts";
import { ago, cronJob, DAY, forbidden, HOUR, template } from "../batch/objects.ts";
import { carrying, literal, reference, run, seen } from "../exposure/objects.ts";
import { bind, role, rule, user } from "../rbac/fixture.ts";

const ALICE: SubjectRef[] = [{ kind: "User", namespace: null, name: "alice" }];
const [A, B, C] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)];

function assess(
  objects: (CronJob | Job | Pod)[],
  more: Partial<Snapshot> = {},
  from: SubjectRef[] = [],
): WorkloadReplay[] {
  return staleAccumulation.assess(assessContext(seen(objects, more), from, () => true));
}

function only(...given: Parameters<typeof assess>): WorkloadReplay {
  const all = assess(...given);
  expect(all).toHaveLength(1);
  return all[0]!;
}

const historiesOf = ({ facts }: WorkloadReplay): CredentialHistory[] => {
  if (facts.kind !== "stale-accumulation") throw new Error(facts.kind);
  return facts.histories;
};
const ids = (one: WorkloadReplay) => one.blockedBy.map(({ id }) => id);
const old = { meta: { creationTimestamp: ago(90 * DAY) }, schedule: "0 2 * * *", lastScheduleTime: ago(DAY) };
const backup = carrying("backup", [literal(C!)], old);
const bare = backup.job;

/** Runs a week apart, the last one a day old, each with these values in a place each. */
const weekly = (...values: (string | Literal)[][]): (Job | Pod)[] =>
  values.flatMap((its, at) =>
    run(
      `backup-${String(at + 1)}`,
      ((values.length - 1 - at) * 7 + 1) * DAY,
      backup,
      its.map((one) => (typeof one === "string" ? literal(one) : one)),
    ),
  );
const granting = (verbs: string, resources: string, names: string[] = [], group = "") => ({
  roles: [role("database", "r", [rule(verbs, resources, names, [group])])],
  rolebindings: [bind("database", "r", "Role/r", [user("alice")])],
});

describe("a history is told", () => {
  test("by values in the order of the runs, with each change", () => {
    const found = only([backup, ...weekly([A!], [A!], [B!], [C!])]);
    expect(found).toMatchObject({
      outcome: "succeeds",
      because: "3 weeks of history of 1 credential, 2 rotations",
      blockedBy: [],
      facts: { retained: 4 },
    });
    const [history] = historiesOf(found);
    expect(history).toMatchObject({
      name: "DB_PASSWORD",
      field: "spec.containers[main].env[DB_PASSWORD]",
      rotations: 2,
      from: ago(22 * DAY + HOUR),
      to: ago(DAY + HOUR),
      values: [
        { fingerprint: A, firstAt: ago(22 * DAY + HOUR), lastAt: ago(15 * DAY + HOUR), runs: 4 },
        { fingerprint: B, firstRun: { kind: "Job", name: "backup-3" }, lastRun: { name: "backup-3" }, runs: 2 },
        { fingerprint: C, lastRun: { name: "backup-4" } },
      ],
    });
    expect(history!.runs.map(({ value }) => value)).toEqual([0, 0, 1, 2]);
    expect(staleAccumulation.summarise([found])).toBe("3 weeks of history, 2 rotations");
  });

  test("a value that comes back is a change, and the same value", () => {
    const [history] = historiesOf(only([backup, ...weekly([A!], [B!], [A!])]));
    expect(history).toMatchObject({
      rotations: 2,
      values: [
        { fingerprint: A, runs: 4 },
        { fingerprint: B, runs: 2 },
      ],
    });
    expect(history!.runs.map(({ value }) => value)).toEqual([0, 1, 0]);
  });

  test("the same value over two runs is one, with its span", () => {
    expect(only([backup, ...weekly([A!], [A!])])).toMatchObject({
      outcome: "succeeds",
      because: "7 days of history of 1 credential, 0 rotations",
    });
  });

  test("a past value alone is one: the newest run no longer has it", () => {
    const found = only([backup, ...weekly([A!], [])]);
    expect(found).toMatchObject({ outcome: "succeeds", because: "one run of history of 1 credential, 0 rotations" });
  });

  test("two values of one place and name are two credentials", () => {
    const twice = (one: string, two: string): Literal[] => {
      const argument = { name: "--password", field: "spec.containers[main].args", place: "args" as const };
      return [literal(one, argument), literal(two, argument)];
    };
    const histories = historiesOf(only([backup, ...weekly(twice(A!, B!), twice(A!, C!))]));
    expect(histories.map(({ rotations }) => rotations)).toEqual([0, 1]);
  });

  test("runs that overlap are told apart: a Job goes with its pods", () => {
    const started = (name: string, seconds: number, pods: number, value: string): [Job, Pod] => {
      const [job, its] = run(name, 60, backup, [literal(value)]);
      return [
        { ...job, startTime: ago(seconds) },
        { ...its, startTime: ago(pods) },
      ];
    };
    const found = only([backup, ...started("one", 1000, 500, A!), ...started("two", 900, 400, B!)]);
    expect(historiesOf(found)[0]!.runs.map(({ value }) => value)).toEqual([0, 1]);
  });

  test("the path lists and compares, and what would block it comes cheapest first", () => {
    const found = only([backup, ...weekly([A!], [B!])]);
    expect(found.path.map(({ act }) => act)).toEqual([
      "GET /apis/batch/v1/namespaces/database/jobs",
      "GET /api/v1/namespaces/database/pods",
      "compares the values of 2 runs by their start",
    ]);
    expect(found.path.at(-1)!.yields).toBe(
      `DB_PASSWORD: 2 values in 2 runs from ${ago(8 * DAY + HOUR)} to ${ago(DAY + HOUR)}, 1 rotation (fingerprint aaaaaaaa…, fingerprint bbbbbbbb…)`,
    );
    expect(found.wouldBlock.map(({ id, how }) => [id, how?.split(" ").slice(0, 3).join(" ")])).toEqual([
      ["pod-deletion", "kubectl cronaudit cleanup"],
      ["ttl", "kubectl patch cronjob/backup"],
      ["history-limit", "kubectl patch cronjob/backup"],
      ["no-value-in-object", "kubectl edit cronjob/backup"],
    ]);
  });

  test("history limits that delete at once are offered with the evidence to save", () => {
    const of = (objects: (CronJob | Job | Pod)[]) => only(objects).wouldBlock.find(({ id }) => id === "history-limit");
    expect(of([backup, ...weekly([A!], [B!])])!.what).toMatch(
      /; the finished ones go at once \(save the evidence first: kubectl cronaudit snapshot evidence\.jsonl\.gz -n database\)$/,
    );
    expect(of([backup])!.what).toBe("the CronJob keeps no finished Job, nor its pods");
    const none = { ...backup, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 };
    expect(of([none, ...weekly([A!], [B!])])).toBeUndefined();
  });

  test("also where other kinds were not seen", () => {
    const spots = { blindSpots: [forbidden("cronjobs", "database")] };
    expect(only([backup, ...weekly([A!], [B!])], spots)).toMatchObject({ outcome: "succeeds" });
  });
});

describe("no history is told", () => {
  const shape = template({ literals: [literal(A!)] });
  const withTtl = (ttl: number, more: Partial<CronJob> = {}) =>
    carrying("backup", [], { ...old, job: { ...bare, ttlSecondsAfterFinished: ttl, template: shape }, ...more });

  const keepsNone = (more: Partial<CronJob>) =>
    carrying("backup", [literal(A!)], { ...old, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0, ...more });

  test.each([
    [
      "ttl",
      [
        withTtl(HOUR, {
          job: { ...bare, ...{ activeDeadlineSeconds: HOUR, ttlSecondsAfterFinished: HOUR }, template: shape },
        }),
      ],
    ],
    ["history-limit", [keepsNone({ concurrencyPolicy: "Forbid" })]],
    ["history-limit", [keepsNone({ job: { ...bare, activeDeadlineSeconds: HOUR, template: shape } })]],
    [
      "ttl",
      [withTtl(HOUR), ...run("b", 60, withTtl(HOUR), [literal(A!)], { spec: { ttlSecondsAfterFinished: HOUR } })],
    ],
  ] as const)("because of %s", (id, objects) => {
    const found = only([...objects]);
    expect(found).toMatchObject({ outcome: "blocked", wouldBlock: [] });
    expect(ids(found)).toEqual([id]);
  });

  test.each([
    ["a TTL that outlasts the interval", [withTtl(2 * DAY)]],
    [
      "a TTL that is not enforced",
      [withTtl(HOUR), ...run("b", 3 * HOUR, withTtl(HOUR), [literal(A!)], { spec: { ttlSecondsAfterFinished: HOUR } })],
    ],
    ["a run without the CronJob's TTL", [withTtl(HOUR), ...weekly([A!])]],
    ["history limits that keep some", [backup]],
    [
      "a run that may take a day",
      [withTtl(HOUR, { job: { ...bare, activeDeadlineSeconds: DAY, ttlSecondsAfterFinished: HOUR, template: shape } })],
    ],
  ] as const)("and %s leaves it open", (_, objects) => {
    expect(only([...objects])).toMatchObject({
      outcome: "inconclusive",
      missing: [expect.stringMatching(/^a second run: (none|one) is retained/) as string],
    });
  });

  test.each([
    ["a TTL", [withTtl(60, { schedule: "*/5 * * * *" })]],
    ["history limits of 0 and runs side by side", [keepsNone({})]],
    [
      "a TTL, and a run that has not ended",
      [
        withTtl(HOUR),
        ...run("b", 0, withTtl(HOUR), [literal(A!)], { spec: { ttlSecondsAfterFinished: HOUR } })
          .slice(0, 1)
          .map((one) => ({ ...one, conditions: [], completionTime: null })),
      ],
    ],
  ] as const)("and %s leaves it open where nothing tells how long a run takes", (_, objects) => {
    expect(only([...objects])).toMatchObject({
      outcome: "inconclusive",
      missing: [
        expect.stringMatching(/^whether a run is gone before the next one starts: no run that finished/) as string,
      ],
    });
  });

  test("how long a run takes is said", () => {
    const ttl = withTtl(HOUR);
    const its = run("b", 60, ttl, [literal(A!)], { spec: { ttlSecondsAfterFinished: HOUR } });
    expect(only([ttl, ...its]).because).toBe(
      "TTL of 3600 s: a run is gone before the next one starts, as the longest that is left took 1h",
    );
  });

  test("where only the newest run holds it", () => {
    expect(only([backup, ...weekly([], [A!])])).toMatchObject({
      outcome: "inconclusive",
      missing: ["a second run that holds it: only the newest one does"],
    });
  });

  test("where only references are named, or nothing", () => {
    const secretReferences = [reference("db")];
    const bound = cronJob("backup", { ...old, job: { ...bare, template: template({ secretReferences }) } });
    const its = run("b", DAY, bound, [], { pod: { secretReferences } });
    const found = only([bound, ...its]);
    expect(found).toMatchObject({ outcome: "blocked", because: "no value in its Jobs and pods" });
    expect(ids(found)).toEqual(["no-value-in-object"]);
    expect(only([cronJob("report", old)])).toMatchObject({ outcome: "not-applicable", path: [] });
  });

  test("by a Job without a schedule", () => {
    expect(only(run("manual", DAY, null, [literal(A!)]))).toMatchObject({ outcome: "not-applicable" });
  });

  test.each(["jobs", "pods", "cronjobs"] as const)("inconclusive where %s were not seen", (resource) => {
    expect(only([withTtl(HOUR)], { blindSpots: [forbidden(resource, "database")] })).toMatchObject({
      outcome: "inconclusive",
      missing: [`${resource} could not be listed: Forbidden (database)`],
    });
  });

  test("where they are only possible credentials, or have no fingerprints", () => {
    const doubtful = literal(A!, { confidence: "possible" });
    const found = only([carrying("backup", [doubtful], old), ...weekly([doubtful], [doubtful])]);
    expect(found).toMatchObject({ outcome: "inconclusive", because: "only possible credentials have a history" });
    expect(historiesOf(found)).toEqual([]);
    expect(only([carrying("backup", [literal("")], old), ...weekly([""], [""])])).toMatchObject({
      outcome: "inconclusive",
      missing: ["fingerprints: the evidence holds none"],
    });
  });
});

describe("from a position", () => {
  const objects = [backup, ...weekly([A!], [B!], [C!])];

  test("what has no history for anybody does not apply to a stranger either", () => {
    const lone = run("once", DAY, null, [literal(A!)]);
    expect(only(lone).outcome).toBe("not-applicable");
    expect(only(lone, {}, ALICE).outcome).toBe("not-applicable");
  });

  test("a stranger is blocked by rbac, or inconclusive where grants may be missing", () => {
    const found = only(objects, {}, ALICE);
    expect(found).toMatchObject({ outcome: "blocked", because: "user alice may read neither its Jobs nor its pods" });
    expect(ids(found)).toEqual(["rbac"]);
    expect(found.path.map(({ allowed }) => allowed)).toEqual([false, false]);
    expect(only(objects, { blindSpots: [forbidden("roles", "database")] }, ALICE)).toMatchObject({
      outcome: "inconclusive",
    });
  });

  test.each([
    ["pods", "", "Pod"],
    ["jobs", "batch", "Job"],
  ])("a reader of %s alone tells the whole history", (resource, group, kind) => {
    const found = only(objects, granting("list", resource, [], group), ALICE);
    expect(found).toMatchObject({ outcome: "succeeds", because: expect.stringMatching(/, by user alice$/) as string });
    const [history] = historiesOf(found);
    expect(history!.rotations).toBe(2);
    expect(new Set(history!.runs.map(({ object }) => object.kind))).toEqual(new Set([kind]));
  });

  test("who may become somebody else is not blocked", () => {
    const found = only(objects, granting("create", "pods"), ALICE);
    expect(found).toMatchObject({
      outcome: "inconclusive",
      because: "user alice may read neither its Jobs nor its pods",
      missing: [expect.stringMatching(/^whether it comes to the right as somebody else: it may /) as string],
    });
    expect(found.wouldBlock.map(({ id }) => id)).toContain("rbac");
  });

  test("who gets one run by its name tells none", () => {
    const found = only(objects, granting("get", "pods", ["backup-1-x"]), ALICE);
    expect(found).toMatchObject({
      outcome: "blocked",
      because: "user alice may read 1 of 6 objects of its runs, which tell no history",
    });
    expect(found.path.map(({ act }) => act)).toContain("GET /api/v1/namespaces/database/pods/backup-1-x");
  });
});

test("the sentence for the table names the longest, and how many workloads tell", () => {
  const all = assess([backup, ...weekly([A!], [B!], [B!], [C!]), cronJob("report", old)]);
  expect(staleAccumulation.summarise(all)).toBe("3 weeks of history, 2 rotations (in 1 of 2 workloads)");
  expect(staleAccumulation.summarise([])).toBe("no credential is used");
});
