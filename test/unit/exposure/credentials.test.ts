import { describe, expect, test } from "vitest";
import { exposureContext } from "../../../src/exposure/context.ts";
import { credentials } from "../../../src/exposure/identity.ts";
import { judge } from "../../../src/exposure/judge.ts";
import { ago, controlledBy, DAY, forbidden, HOUR, pod, running, template, terminated } from "../batch/objects.ts";
import { carrying, itemOf, literal, manager, reference, report, run, seen, TOKEN } from "./objects.ts";

describe("one credential, whatever carries it", () => {
  const cronJob = carrying("backup", [literal("a")]);

  test("literals with one fingerprint are one credential, named by the CronJob that carries it first", () => {
    const { items } = report([cronJob, ...run("backup-1", DAY, cronJob, [literal("a", { name: "PGPASSWORD" })])]);
    expect(items).toHaveLength(1);
    expect(items[0]!.credential.name).toBe("DB_PASSWORD");
    expect(items[0]!.carriers.map(({ object }) => `${object.kind}/${object.name}`)).toEqual([
      "CronJob/backup",
      "Job/backup-1",
      "Pod/backup-1-x",
    ]);
    expect(items[0]!.workload).toMatchObject({ kind: "CronJob", name: "backup" });
  });

  test("two values under one name are two credentials", () => {
    expect(report([cronJob, ...run("backup-1", DAY, cronJob, [literal("b")])]).items).toHaveLength(2);
  });

  test("literals without a fingerprint are kept apart by their place", () => {
    expect(report([...run("a", DAY, null, [literal("")])]).items).toHaveLength(2);
  });

  test("references are one by namespace, Secret and key", () => {
    const named = (name: string, keys: string[] | null, namespace = "database") =>
      pod(name, {
        template: template({ secretReferences: [reference("db", { keys })] }),
        containers: [terminated("main", ago(60))],
        meta: { namespace },
      });
    const { items } = report([
      named("a", ["password"]),
      named("b", ["password"]),
      named("c", ["user"]),
      named("d", null),
      named("e", ["password"], "other"),
    ]);
    expect(items.map(({ credential: { ref } }) => `${ref!.namespace}/${ref!.name}/${ref!.key ?? "*"}`).sort()).toEqual([
      "database/db/*",
      "database/db/password",
      "database/db/user",
      "other/db/password",
    ]);
  });

  test("every pod has its own token", () => {
    const [, a] = run("a", DAY, null, [], { pod: { tokens: [TOKEN] } });
    const [, b] = run("b", DAY, null, [], { pod: { tokens: [TOKEN] } });
    expect(report([a, b]).items).toHaveLength(2);
  });

  test("the surest verdict of all carriers counts, and a possible one alone is left out and counted", () => {
    const sure = [...run("a", DAY, null, [literal("a", { confidence: "possible" })])];
    expect(report(sure)).toMatchObject({ items: [], summary: { possible: 1, credentials: 0 } });
    expect(report(sure, {}, { all: true }).items).toHaveLength(1);
    const both = [cronJob, ...run("b", DAY, null, [literal("a", { confidence: "possible" })])];
    expect(report(both).items[0]!.credential.confidence).toBe("certain");
  });
});

describe("ids come from the first carrier's uid, the place and the name", () => {
  const ids = (fingerprints: string[]) => {
    const cronJob = carrying(
      "backup",
      fingerprints.map((one, i) => literal(one, { field: `spec.containers[main].env[V${String(i)}]` })),
    );
    return credentials(
      exposureContext(seen([cronJob, ...run("backup-1", DAY, cronJob, [literal(fingerprints[0]!)])])),
    ).map(({ id }) => id);
  };

  test("another fingerprint key gives the same ids in the same order", () => {
    expect(ids(["zz", "aa"])).toEqual(ids(["aa", "zz"]));
    expect(new Set(ids(["zz", "aa"])).size).toBe(2);
  });

  test("two values in one place get two ids", () => {
    const cronJob = carrying("backup", [literal("a"), literal("b")]);
    const { items } = report([cronJob]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(2);
    for (const { id } of items) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  test("the order of the evidence does not show", () => {
    const cronJob = carrying("backup", [literal("a")]);
    const objects = [
      cronJob,
      ...run("r1", DAY, cronJob, [literal("a"), literal("b", { field: "x" })]),
      ...run("r2", 2 * DAY, cronJob, [literal("c")]),
    ];
    expect(report(objects.toReversed()).items).toEqual(report(objects).items);
  });
});

describe("when a CronJob's literal opened is an interval", () => {
  const fields = ["spec.containers[main].env[DB_PASSWORD]"];
  const opens = (cronJob: Parameters<typeof carrying>[2], ...others: ReturnType<typeof run>[]) => {
    const owner = carrying("backup", [literal("a")], cronJob);
    const relinked = others
      .flat()
      .map((one) =>
        one.kind === "Job" ? { ...one, meta: { ...one.meta, ownerReferences: controlledBy(owner) } } : one,
      );
    return report([owner, ...relinked])
      .items.flatMap(({ carriers }) => carriers)
      .find(({ object }) => object.kind === "CronJob")!;
  };
  const created = { creationTimestamp: ago(30 * DAY) };

  test("proved by the manager of the field, impossible before the creation", () => {
    expect(opens({ meta: { ...created, managedFields: [manager(fields, 10 * DAY)] } })).toMatchObject({
      opens: ago(10 * DAY),
      opensNotBefore: ago(30 * DAY),
      opensIsBound: true,
    });
  });

  test("proved by the earliest retained run with the same value in the same place", () => {
    const meta = { ...created, managedFields: [manager(fields, 10 * DAY)] };
    const runs = [run("r1", 20 * DAY, null, [literal("a")]), run("r2", 25 * DAY, null, [literal("b")])];
    expect(opens({ meta }, ...runs).opens).toBe(ago(20 * DAY + HOUR));
  });

  test("a manager of other fields, or of the status, proves nothing", () => {
    const others = [
      manager(["spec.containers[main].env[OTHER]"], 20 * DAY),
      { ...manager(fields, 20 * DAY), subresource: "status" },
    ];
    expect(opens({ meta: { ...created, managedFields: others } })).toMatchObject({ opens: ago(0), opensIsBound: true });
  });

  test("exact where the manager wrote it at the creation", () => {
    expect(opens({ meta: { ...created, managedFields: [manager(fields, 30 * DAY)] } })).toMatchObject({
      opens: ago(30 * DAY),
      opensIsBound: false,
    });
  });
});

test("a literal in an ephemeral container opened when that was added, not when the pod was made", () => {
  const field = "spec.ephemeralContainers[debug].env[DB_PASSWORD]";
  const debugged = (managedFields: ReturnType<typeof manager>[]) =>
    report([
      pod("p", {
        template: template({ literals: [literal("a", { field, container: "debug" })] }),
        meta: { creationTimestamp: ago(DAY), managedFields },
      }),
    ]).items[0]!.carriers[0]!;
  const added = { ...manager([field], HOUR), subresource: "ephemeralcontainers" };
  expect(debugged([added])).toMatchObject({ opens: ago(HOUR), opensNotBefore: ago(DAY), opensIsBound: true });
  expect(debugged([])).toMatchObject({ opens: ago(0), opensIsBound: true });
});

describe("what a template lost", () => {
  const cronJob = carrying("backup", [literal("new")]);

  test("is removed when a run still holds it and the CronJob does not", () => {
    const { items } = report([cronJob, ...run("r1", 9 * DAY, cronJob, [literal("old")])]);
    expect(items.map(({ credential, removedFromTemplate }) => [credential.fingerprint, removedFromTemplate])).toEqual(
      expect.arrayContaining([
        ["old", true],
        ["new", false],
      ]),
    );
  });

  test("was removed by the first run after the last that holds it", () => {
    const by = (...ages: number[]) =>
      judge(
        seen([
          cronJob,
          ...run("old", 9 * DAY, cronJob, [literal("old")]),
          ...ages.flatMap((age) => run(`r${String(age)}`, age * DAY, cronJob, [literal("new")])),
        ]),
        { allReaders: false },
      ).judged.find(({ item }) => item.removedFromTemplate)!.item.removedBy;
    expect(by(12, 5, 7)).toBe(ago(7 * DAY + HOUR));
    expect(by(12)).toBeNull();
  });

  test("is not removed where the template holds it in another place", () => {
    const moved = carrying("backup", [literal("a", { field: "spec.containers[main].args", place: "args" })]);
    expect(report([moved, ...run("r1", DAY, moved, [literal("a")])]).items).toMatchObject([
      { removedFromTemplate: false },
    ]);
  });

  test("may be removed or not where the CronJob was not seen", () => {
    const removed = (...objects: Parameters<typeof report>) =>
      report(...objects).items.map(({ removedFromTemplate }) => removedFromTemplate);
    const [done, its] = run("r1", DAY, cronJob, [literal("old")]);
    expect(removed([done, its], { blindSpots: [forbidden("cronjobs", null)] })).toEqual([null]);
    expect(removed([its], { blindSpots: [forbidden("jobs", null)] })).toEqual([null]);
    expect(removed([done, its], { source: "dump" })).toEqual([null]);
    expect(removed([done, its]), "the CronJob is gone, and its template with it").toEqual([false]);
  });

  test("a Job by hand has no template to lose it", () => {
    expect(report([...run("r1", DAY, null, [literal("a")])]).items).toMatchObject([{ removedFromTemplate: false }]);
  });
});

describe("needed until, and at rest", () => {
  test("the time in which a container that uses it runs is not at rest", () => {
    const item = report(run("r1", 10 * HOUR, null, [literal("a")])).items[0]!;
    expect(item).toMatchObject({
      opens: ago(11 * HOUR),
      neededUntil: ago(10 * HOUR),
      atRestHours: { soFar: 10, projected: null },
    });
  });

  test("a CronJob's credential rests between its runs", () => {
    const cronJob = carrying("backup", [literal("a")], { meta: { creationTimestamp: ago(100 * HOUR) } });
    const item = report([
      cronJob,
      ...run("r1", 50 * HOUR, cronJob, [literal("a")]),
      ...run("r2", 20 * HOUR, cronJob, [literal("a")]),
    ]).items[0]!;
    expect(item.opens).toBe(ago(51 * HOUR));
    expect(item.atRestHours.soFar).toBe(49);
    expect(item.neededUntil).toBe(ago(20 * HOUR));
  });

  test("a Job tells when its credential was used where its pods are gone", () => {
    const [job] = run("r1", 10 * HOUR, null, [literal("a")]);
    expect(report([job]).items[0]!.atRestHours.soFar).toBe(10);
  });

  test("a container that ended is at rest while its neighbour holds the pod", () => {
    const hung = pod("hung", {
      phase: "Running",
      template: template({ literals: [literal("a")] }),
      startTime: ago(6 * HOUR),
      containers: [terminated("main", ago(4 * HOUR)), running("proxy")],
      meta: { creationTimestamp: ago(6 * HOUR) },
    });
    expect(report([hung]).items[0]).toMatchObject({ neededUntil: ago(4 * HOUR), atRestHours: { soFar: 4 } });
  });

  test("a Job whose pods are seen is not in use for longer than they are", () => {
    const [done, its] = run("r1", 4 * HOUR, null, [literal("a")]);
    const unfinished = { ...done, conditions: [], completionTime: null, active: 1 };
    expect(report([unfinished, its]).items[0]).toMatchObject({ neededUntil: ago(4 * HOUR), atRestHours: { soFar: 4 } });
  });

  test("what is in use now has no end of need, and no total: when its window ends is not known", () => {
    const busy = pod("busy", {
      phase: "Running",
      template: template({ literals: [literal("a")] }),
      startTime: ago(HOUR),
      containers: [running("main")],
      meta: { creationTimestamp: ago(HOUR) },
    });
    expect(report([busy]).items[0]).toMatchObject({ neededUntil: null, atRestHours: { soFar: 0, projected: null } });
  });

  test("a TTL projects the hours that are left", () => {
    const item = report(run("r1", 2 * HOUR, null, [literal("a")], { spec: { ttlSecondsAfterFinished: 5 * HOUR } }))
      .items[0]!;
    expect(item).toMatchObject({ closes: ago(-3 * HOUR), atRestHours: { soFar: 2, projected: 5 } });
  });

  test("an overdue TTL ends nothing", () => {
    const item = report(run("r1", 5 * HOUR, null, [literal("a")], { spec: { ttlSecondsAfterFinished: HOUR } }))
      .items[0]!;
    expect(item).toMatchObject({ closes: null, atRestHours: { soFar: 5, projected: null } });
    expect(item.carriers[0]).toMatchObject({ closesBecause: "ttl", closesIsBound: false });
    expect(itemOf(report(run("r1", 5 * HOUR, null, [literal("a")])), "DB_PASSWORD").carriers[0]!.closesBecause).toBe(
      "never",
    );
  });
});
