import { describe, expect, test } from "vitest";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job } from "../../../src/model/workload.ts";
import { concurrentRotation } from "../../../src/scenarios/concurrent-rotation.ts";
import { ago, condition, controlledBy, cronJob, DAY, forbidden, job, template } from "../batch/objects.ts";
import { account, reference, seen } from "../exposure/objects.ts";
import { everywhere, granted, within, type Grant } from "../rbac/grants.ts";
import { rule, sa, user } from "../rbac/fixture.ts";
import { factsOf, replayOf } from "./assess.ts";

const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const rotator = sa("rotate", "database");
const writes = within("database", rotator, rule("get,update", "secrets", ["db"]));

/** cronjob/rotate: every 30 minutes, unless the schedule says otherwise. */
function rotate(more: Partial<CronJob> = {}, deadline: number | null = null): CronJob {
  const { job: its } = cronJob("x");
  const shape = template({ serviceAccountName: "rotate", secretReferences: [reference("db")] });
  return cronJob("rotate", {
    schedule: "*/30 * * * *",
    timeZone: "Etc/UTC",
    job: { ...its, activeDeadlineSeconds: deadline, template: shape },
    ...more,
  });
}

/** A run that began so many seconds ago and took so many; null: it runs. */
function run(of: CronJob, since: number, seconds: number | null, more = SCHEDULED): Job {
  return job(`rotate-${String(since)}`, {
    startTime: ago(since),
    completionTime: seconds === null ? null : ago(since - seconds),
    conditions: seconds === null ? [] : [condition("Complete", ago(since - seconds))],
    meta: { ownerReferences: controlledBy(of), annotations: more },
  });
}

const SCHEDULED: Record<string, string> = { "batch.kubernetes.io/cronjob-scheduled-timestamp": ago(0) };
const MANUAL = { "cronjob.kubernetes.io/instantiate": "manual" };

interface Case {
  of?: CronJob;
  runs?: [since: number, seconds: number | null, annotations?: Record<string, string>][];
  grants?: Grant[];
  more?: Partial<Snapshot>;
  from?: SubjectRef[];
}

function replay({ of = rotate(), runs = [], grants = [writes], more = {}, from = [] }: Case) {
  const { roles, rolebindings, clusterroles, clusterrolebindings } = granted(grants);
  const objects = [of, ...runs.map(([since, seconds, annotations]) => run(of, since, seconds, annotations))];
  const serviceaccounts = [account("rotate"), account("default")];
  const evidence = seen(objects, { roles, rolebindings, clusterroles, clusterrolebindings, serviceaccounts, ...more });
  return replayOf(concurrentRotation, evidence, "rotate", from);
}

const forbid = rotate({ concurrencyPolicy: "Forbid" });
const replace = rotate({ concurrencyPolicy: "Replace" });
const { job: ofForbid } = rotate({ concurrencyPolicy: "Forbid" });
const parallel = { ...forbid, job: { ...ofForbid, parallelism: 3, completions: 3 } };
const REPLACED = "Replace: the next run starts at once, while the pod of the one before has its grace";
const NOTHING_WRITTEN = "no Secret is written: other shared state may be";
const TWICE: Case["runs"] = [
  [7 * DAY, 3600],
  [7 * DAY - 1800, 600],
];

describe("outcome", () => {
  test.each<[string, Case, string, string]>([
    ["seen", { runs: TWICE }, "succeeds", "seen once in 7 days"],
    [
      "seen by hand",
      {
        of: forbid,
        runs: [
          [3600, 3000],
          [3000, 60, MANUAL],
        ],
      },
      "succeeds",
      "seen once in 1h, with runs started by hand; concurrencyPolicy is Forbid now",
    ],
    [
      "seen, and nothing is written",
      { runs: TWICE, grants: [] },
      "not-applicable",
      "seen once in 7 days; no Secret is written: other shared state may be",
    ],
    ["seen while suspended", { of: rotate({ suspend: true }), runs: TWICE }, "succeeds", "seen once in 7 days"],
    [
      "longer than the gap",
      { runs: [[7200, 3720]] },
      "succeeds",
      "will overlap: longest run 1h2m, next runs 30m apart",
    ],
    [
      "running longer than the gap",
      { runs: [[1900, null]] },
      "succeeds",
      "will overlap: longest run 31m40s, next runs 30m apart",
    ],
    ["shorter than the gap", { runs: [[7200, 120]] }, "inconclusive", "two runs may overlap, and none was seen to"],
    ["no run", {}, "inconclusive", "two runs may overlap, and none was seen to"],
    [
      "possible, and nothing is written",
      { runs: [[7200, 120]], grants: [] },
      "not-applicable",
      "no Secret is written: other shared state may be",
    ],
    ["a deadline", { of: rotate({}, 600) }, "blocked", "a run ends after 10m, next runs 30m apart"],
    [
      "a deadline and its grace past the gap",
      { of: rotate({}, 1790) },
      "inconclusive",
      "two runs may overlap, and none was seen to",
    ],
    [
      "a deadline that came after a long run",
      { of: rotate({}, 600), runs: [[7200, 3720]] },
      "blocked",
      "a run ends after 10m, next runs 30m apart",
    ],
    ["Forbid", { of: forbid, runs: [[7200, 3720]] }, "blocked", "Forbid: the next run waits for the one before"],
    [
      "Forbid, and several pods of one run",
      { of: parallel },
      "inconclusive",
      "Forbid: runs wait for each other, the pods of one run do not",
    ],
    ["Replace", { of: replace }, "inconclusive", REPLACED],
    ["Replace, and nothing is written", { of: replace, grants: [] }, "not-applicable", NOTHING_WRITTEN],
    [
      "longer than the gap, and nothing is written",
      { runs: [[7200, 3720]], grants: [] },
      "not-applicable",
      `will overlap: longest run 1h2m, next runs 30m apart; ${NOTHING_WRITTEN}`,
    ],
    ["suspended", { of: rotate({ suspend: true }) }, "not-applicable", "it is suspended: no run starts by itself"],
    [
      "no schedule",
      { of: rotate({ schedule: "none" }) },
      "not-applicable",
      "no run follows: UnparseableSchedule, it has 1 field, not 5",
    ],
  ])("%s", (_, given, outcome, because) => {
    const found = replay(given);
    expect([found.outcome, found.because]).toEqual([outcome, because]);
    expect(found.blockedBy.length > 0).toBe(outcome === "blocked");
    expect(found.missing.length > 0).toBe(outcome === "inconclusive");
  });

  test("names the control, and what it leaves", () => {
    expect(replay({ of: forbid }).blockedBy).toMatchObject([
      {
        id: "concurrency-policy",
        what: expect.stringContaining("a Job that somebody creates by hand runs beside them"),
      },
    ]);
    expect(replay({ of: rotate({}, 600) }).blockedBy).toMatchObject([
      { id: "active-deadline", what: expect.stringContaining("supposed is that runs start on time") },
    ]);
  });

  test("names the run that it would take", () => {
    expect(replay({ runs: [[7200, 120]] }).missing).toEqual([
      "a run longer than 30m: the one that is retained was not (longest 2m)",
    ]);
  });

  test("of what is no CronJob does not apply", () => {
    const lone = job("rotate", { startTime: ago(100) });
    expect(replayOf(concurrentRotation, seen([lone]), "rotate").outcome).toBe("not-applicable");
    const owned = job("rotate", { startTime: ago(100), meta: { ownerReferences: controlledBy(cronJob("rotate")) } });
    const hidden = { blindSpots: [forbidden("cronjobs", null)] };
    expect(replayOf(concurrentRotation, seen([owned], hidden), "rotate")).toMatchObject({
      outcome: "inconclusive",
      missing: ["what started it: cronjobs could not be listed: Forbidden"],
    });
    expect(replayOf(concurrentRotation, seen([lone], hidden), "rotate").outcome).toBe("not-applicable");
    expect(replayOf(concurrentRotation, seen([owned]), "rotate").outcome).toBe("not-applicable");
  });

  test.each(["jobs", "pods"] as const)("is not blocked where %s were not seen", (kind) => {
    for (const of of [forbid, rotate({}, 600), rotate({ suspend: true }), rotate({ schedule: "none" })])
      expect(replay({ of, more: { blindSpots: [forbidden(kind, null)] } })).toMatchObject({
        outcome: "inconclusive",
        missing: [`${kind} could not be listed: Forbidden`],
      });
  });

  test("is open for a replaced run, whose pod has its grace", () => {
    const found = replay({ of: replace });
    expect(found.missing).toEqual([
      "whether the old run's pod still writes within its grace period, beside the next run",
    ]);
    expect(found.wouldBlock[0]?.id).toBe("concurrency-policy");
  });

  test("is open where runs were seen to overlap, and not whether they write", () => {
    const found = replay({ runs: TWICE, grants: [], more: { blindSpots: [forbidden("roles", null)] } });
    expect(found).toMatchObject({ outcome: "inconclusive", missing: ["roles could not be listed: Forbidden"] });
  });

  test("is not without a Secret where grants were not seen", () => {
    const found = replay({ grants: [], more: { blindSpots: [forbidden("roles", null)] } });
    expect(found).toMatchObject({ outcome: "inconclusive" });
    expect(found.missing).toContain("roles could not be listed: Forbidden");
  });
});

describe("facts", () => {
  test("hold gap and durations in seconds", () => {
    const { gapSeconds, longestSeconds, medianSeconds } = factsOf(
      replay({
        runs: [
          [9000, 100],
          [7200, 300],
          [5000, 200],
        ],
      }),
      "concurrent-rotation",
    );
    expect([gapSeconds, longestSeconds, medianSeconds]).toEqual([1800, 300, 200]);
  });

  test("take the least gap, also of uneven schedules", () => {
    const { gapSeconds } = factsOf(replay({ of: rotate({ schedule: "0,50 * * * *" }) }), "concurrent-rotation");
    expect(gapSeconds).toBe(600);
  });

  test.each([
    ["named", [writes], [{ namespace: "database", name: "db" }], []],
    ["by patch in a namespace", [within("database", rotator, rule("patch", "secrets"))], [], ["database"]],
    [
      "by deletion and creation",
      [within("database", rotator, rule("create", "secrets"), rule("delete", "secrets", ["db"]))],
      [{ namespace: "database", name: "db" }],
      [],
    ],
    ["not by creation alone", [within("database", rotator, rule("create,get", "secrets"))], [], []],
    ["not by deletion alone", [within("database", rotator, rule("delete", "secrets"))], [], []],
    [
      "not by a creation elsewhere",
      [within("other", rotator, rule("create", "secrets")), within("database", rotator, rule("delete", "secrets"))],
      [],
      [],
    ],
  ])("hold the Secrets that it changes: %s", (_, grants, secrets, namespaces) => {
    expect(factsOf(replay({ grants }), "concurrent-rotation")).toMatchObject({
      writes: { cluster: false, secrets, namespaces },
      writesIsBound: false,
    });
  });

  test("hold every Secret for a grant in all namespaces", () => {
    const grants = [everywhere(rotator, rule("update", "secrets"))];
    expect(factsOf(replay({ grants }), "concurrent-rotation").writes.cluster).toBe(true);
  });
});

test("the path is the lost write, and each step can be asked about", () => {
  const found = replay({ runs: TWICE });
  expect(found.path.map(({ act, allowed }) => [act, allowed])).toEqual([
    ["starts job/rotate-603000", null],
    ["read Secret db (database)", null],
    ["PUT /api/v1/namespaces/database/secrets/db", true],
    ["PUT /api/v1/namespaces/database/secrets/db", true],
  ]);
  expect(found.wouldBlock.map(({ id, how }) => [id, how])).toEqual([
    [
      "concurrency-policy",
      `kubectl patch cronjob/rotate -n database --type=merge -p '{"spec":{"concurrencyPolicy":"Forbid"}}'`,
    ],
  ]);
});

test("a deadline would block it only above the longest run, which it would end midway", () => {
  const offered = (seconds: number) =>
    replay({ runs: [[7200, seconds]] }).wouldBlock.find(({ id }) => id === "active-deadline")?.how;
  expect(offered(120)).toContain(`"activeDeadlineSeconds":1740`);
  expect(offered(1740)).toBeUndefined();
  expect(offered(3720)).toBeUndefined();
});

describe("from a position", () => {
  const starts = within("database", user("alice"), rule("create", "jobs", [], ["batch"]));
  const changes = within("database", user("alice"), rule("patch", "cronjobs", ["rotate"], ["batch"]));
  const from = [alice];

  test.each<[string, Case, string]>([
    [
      "that may create Jobs, despite Forbid",
      { of: forbid, grants: [writes, starts], from },
      "user alice may start a second run: create jobs",
    ],
    [
      "that may change it, while suspended",
      { of: rotate({ suspend: true }), grants: [writes, changes], from },
      "user alice may start a second run: patch cronjobs",
    ],
    [
      "that may create pods",
      { of: forbid, grants: [writes, within("database", user("alice"), rule("create", "pods"))], from },
      "user alice may start a second run: create pods",
    ],
    ["that can only wait", { runs: TWICE, from }, "seen once in 7 days; user alice can only wait for it"],
  ])("succeeds for one %s", (_, given, because) => {
    expect(replay(given)).toMatchObject({ outcome: "succeeds", because });
  });

  test("that may start nothing is blocked by Forbid and by RBAC", () => {
    expect(replay({ of: forbid, from })).toMatchObject({
      outcome: "blocked",
      blockedBy: [{ id: "concurrency-policy" }, { id: "rbac" }],
    });
  });

  test.each([
    ["impersonate", everywhere(user("alice"), rule("impersonate", "users", ["bob"])), "impersonate users"],
    ["take tokens", within("other", user("alice"), rule("create", "serviceaccounts/token")), "serviceaccounts/token"],
    ["create pods elsewhere", within("other", user("alice"), rule("create", "pods")), "create pods"],
  ])("that may %s is not blocked by RBAC, and may do more than wait", (_, grant, way) => {
    for (const of of [forbid, rotate({ suspend: true })]) {
      const found = replay({ of, grants: [writes, grant], from });
      expect(found.outcome).toBe("inconclusive");
      expect(found.missing).toEqual([expect.stringContaining(way)]);
    }
  });

  test("does not apply where no Secret is written", () => {
    expect(replay({ of: forbid, grants: [starts], from }).outcome).toBe("not-applicable");
  });

  test("is inconclusive where its grants were not all seen", () => {
    const more = { blindSpots: [forbidden("rolebindings", null)] };
    expect(replay({ of: forbid, more, from })).toMatchObject({
      outcome: "inconclusive",
      missing: ["rolebindings could not be listed: Forbidden"],
    });
  });
});

test("in the table what was seen comes first", () => {
  const found = [replay({ runs: [[7200, 3720]] }), replay({ runs: TWICE }), replay({})];
  expect(concurrentRotation.summarise(found)).toBe("seen once in 7 days, and 1 more workload");
  expect(concurrentRotation.summarise([])).toBe("no CronJob");
});
