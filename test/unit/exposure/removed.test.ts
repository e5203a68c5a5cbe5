import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob } from "../../../src/model/workload.ts";
import { ago, DAY, HOUR, NOW } from "../batch/objects.ts";
import { carrying, literal, manager, report, run } from "./objects.ts";

const now = carrying("backup", [literal("new")]);
const was = (fingerprint: string, more: Partial<CronJob["meta"]> = {}): CronJob =>
  carrying("backup", [literal(fingerprint)], { meta: { ...now.meta, ...more } });
const earlier = (...cronjobs: CronJob[]): Partial<Snapshot> => ({
  earlier: { resourceVersion: "1", at: ago(400), cronjobs, jobs: [], pods: [] },
});

function old(objects: Parameters<typeof report>[0], more: Partial<Snapshot> = {}) {
  return report(objects, more).items.find(({ credential }) => credential.fingerprint === "old");
}

describe("a template that is read back as it was minutes ago", () => {
  test("shows what was taken out of it since, without any run", () => {
    const item = old([now], earlier(was("old")))!;
    expect(item).toMatchObject({ removedFromTemplate: true, removedBy: NOW });
    expect(item.carriers).toMatchObject([
      { object: { name: "backup" }, closes: ago(-600), closesBecause: "compaction", closesIsBound: true },
    ]);
    expect(item.carriers[0]!.closesWhy).toMatch(/^changed; /);
  });

  test("dates the removal of what runs still hold, unless a run does it sooner", () => {
    const holder = run("r1", 9 * DAY, now, [literal("old")]);
    expect(old([now, ...holder], earlier(was("old")))).toMatchObject({ removedFromTemplate: true, removedBy: NOW });
    const later = run("r2", DAY, now, [literal("new")]);
    expect(old([now, ...holder, ...later], earlier(was("old")))).toMatchObject({ removedBy: ago(DAY + HOUR) });
  });

  test("in two versions is one carrier, from the version that has had it longest", () => {
    const versions = [
      was("old", { resourceVersion: "7", managedFields: [manager(["spec.containers[main].env[DB_PASSWORD]"], HOUR)] }),
      was("old", { resourceVersion: "9" }),
    ];
    for (const order of [versions, versions.toReversed()]) {
      const { carriers } = old([now], earlier(...order))!;
      expect(carriers).toMatchObject([{ object: { name: "backup" }, opens: ago(HOUR) }]);
    }
  });

  test("leaves nothing to take out: the next step is to rotate", () => {
    expect(old([now], earlier(was("old")))!.fix).toBe(
      "nothing to remove: what held it is deleted or changed, and the API server forgets it by itself; rotate DB_PASSWORD",
    );
  });

  test("that held what it still holds shows nothing", () => {
    const items = report([now], earlier(was("new"))).items;
    expect(items).toMatchObject([{ removedFromTemplate: false, removedBy: null, closes: null }]);
    expect(items[0]!.carriers).toHaveLength(1);
  });

  test("of a CronJob that was deleted lost nothing: it went as a whole", () => {
    const item = old([], earlier(was("old", { uid: "deleted" })))!;
    expect(item).toMatchObject({ removedFromTemplate: false, removedBy: null });
    expect(item.carriers[0]!.closesWhy).toMatch(/^deleted; /);
  });

  test("of a CronJob that was recreated under its name is another one: uid decides", () => {
    const recreated = carrying("backup", [literal("new")], { meta: { uid: "second" } });
    const its = run("r1", 9 * DAY, now, [literal("old")]);
    const item = old([recreated, ...its], earlier(was("old")))!;
    expect(item).toMatchObject({ removedFromTemplate: false, removedBy: null });
  });
});

describe("a run that holds it", () => {
  test("by hand does not count as the CronJob's", () => {
    expect(old([now, ...run("r1", 9 * DAY, null, [literal("old")])])).toMatchObject({ removedFromTemplate: false });
  });

  test("of which the newest decides since when it can have been gone", () => {
    const held = [9, 7].flatMap((days) => run(`r${String(days)}`, days * DAY, now, [literal("old")]));
    const lacking = [8, 6, 5].flatMap((days) => run(`r${String(days)}`, days * DAY, now, [literal("new")]));
    expect(old([now, ...held, ...lacking])).toMatchObject({
      removedFromTemplate: true,
      removedBy: ago(6 * DAY + HOUR),
    });
  });

  test("without times proves the removal and dates nothing", () => {
    const [job, pod] = run("r1", 9 * DAY, now, [literal("old")]);
    for (const one of [job, pod]) one.meta.creationTimestamp = null;
    expect(old([now, job, pod])).toMatchObject({ removedFromTemplate: true, removedBy: null });
  });
});
