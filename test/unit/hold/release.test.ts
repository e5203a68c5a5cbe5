import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { after, aftermath } from "../../../src/hold/after-release.ts";
import { changed, changesTo, fieldsOf } from "../../../src/hold/fields.ts";
import { foldEntries, type Entry, type HeldRecord } from "../../../src/hold/journal.ts";
import { planHold, type HoldStep } from "../../../src/hold/plan.ts";
import { planRelease } from "../../../src/hold/release.ts";
import type { HeldField } from "../../../src/model/hold.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job } from "../../../src/model/workload.ts";
import { snapshots } from "../exposure/random-snapshot.ts";
import { ago, cronJob, DAY, everything, finished, forbidden, HOUR, snapshot } from "../batch/objects.ts";

const planned = (given: Snapshot): HoldStep[] => planHold(given, everything(), indexOwners(given)).steps;

/** The journal of these steps, all of them done. */
function entries(steps: readonly HoldStep[], action: "hold" | "release"): Entry[] {
  return steps.flatMap(({ object, resourceVersion, changes }, index): Entry[] => {
    const id = `${action}-${String(index)}`;
    const at = ago(0);
    return [
      { v: 1, entry: "intent", id, action, at, user: "alice", server: "s", object, resourceVersion, changes },
      { v: 1, entry: "outcome", id, at, outcome: "done", because: "" },
    ];
  });
}

const recordsOf = (steps: readonly HoldStep[]): HeldRecord[] => [...foldEntries(entries(steps, "hold")).held.values()];
const made = (given: Snapshot, steps: readonly HoldStep[]): Snapshot => {
  const byUid = new Map(steps.map(({ object, changes }) => [object.uid, changes]));
  const one = <T extends CronJob | Job>(object: T): T => changed(object, byUid.get(object.meta.uid) ?? []);
  return { ...given, cronjobs: given.cronjobs.map(one), jobs: given.jobs.map(one) };
};

/** Objects of one uid are no cluster's. */
const sound = snapshots.filter(({ cronjobs, jobs }) => {
  const uids = [...cronjobs, ...jobs].map(({ meta }) => meta.uid);
  return new Set(uids).size === uids.length;
});

describe("release", () => {
  it("after a hold puts back exactly what was there, of anything", () => {
    fc.assert(
      fc.property(sound, (given) => {
        const steps = planned(given);
        const held = made(given, steps);
        const records = recordsOf(steps);
        const release = planRelease(records, held);
        expect(release).toMatchObject({ changed: [], gone: [], unknown: [], over: [] });
        expect(made(held, release.steps)).toEqual(given);
        const closed = foldEntries([...entries(steps, "hold"), ...entries(release.steps, "release")]);
        expect([closed.held.size, closed.open.length]).toEqual([0, 0]);
      }),
      { numRuns: 200 },
    );
  });

  it("touches nothing of an object of which somebody changed a field, while others of the hold stand", () => {
    const value = {
      suspend: false,
      successfulJobsHistoryLimit: 17,
      failedJobsHistoryLimit: 18,
      ttlSecondsAfterFinished: 19,
    };
    fc.assert(
      fc.property(sound, fc.nat(), fc.nat(), (given, which, field) => {
        const steps = planned(given);
        fc.pre(steps.length > 0);
        const { object, changes } = steps[which % steps.length]!;
        const one = changes[field % changes.length]!.field as HeldField;
        const to = value[one];
        fc.pre(changes.find((change) => change.field === one)!.from !== to);
        const held = made(given, steps);
        const someone = made(held, [
          { object, resourceVersion: "", because: "", changes: [{ field: one, from: null, to }] },
        ]);
        const release = planRelease(recordsOf(steps), someone);
        expect(release.steps.map((step) => step.object.uid)).not.toContain(object.uid);
        const list = changes.length === 1 ? release.over : release.changed;
        expect(list.map((left) => left.object.uid)).toEqual([object.uid]);
        expect(list[0]!.because).toContain(`spec.${one} is now ${String(to)}`);
      }),
      { numRuns: 200 },
    );
  });

  it("closes what somebody put back, and says what is gone or not seen", () => {
    const backup = cronJob("backup");
    const job = finished("run", HOUR, backup, { spec: { ttlSecondsAfterFinished: 60 } });
    const given = snapshot([backup, job]);
    const records = recordsOf(planned(given));
    expect(planRelease(records, given).over.map(({ because }) => because)).toEqual(
      records.map(() => "it is as it was before"),
    );
    expect(planRelease(records, snapshot([])).gone.length).toBe(2);
    expect(planRelease(records, snapshot([], { blindSpots: [forbidden("jobs", null)] }))).toMatchObject({
      gone: [{ object: { kind: "CronJob" } }],
      unknown: [{ object: { kind: "Job" } }],
    });
  });
});

describe("what follows a release", () => {
  const releaseOf = (...objects: (CronJob | Job)[]) => {
    const given = snapshot(objects);
    const steps = planned(given);
    const held = made(given, steps);
    return aftermath(held, planRelease(recordsOf(steps), held).steps);
  };
  const names = (losses: { object: { name: string } }[]): string[] => losses.map(({ object }) => object.name);

  it("is said of overdue and of coming TTLs", () => {
    const ttl = (name: string, seconds: number): Job =>
      finished(name, HOUR, null, { spec: { ttlSecondsAfterFinished: seconds } });
    const found = releaseOf(ttl("overdue", 60), ttl("soon", HOUR + 600), ttl("later", DAY));
    expect([names(found.atOnce), names(found.soon)]).toEqual([["overdue"], ["soon"]]);
  });

  it("is said of what lies beyond a limit, the oldest first, and of a run that was missed", () => {
    const backup = cronJob("backup", { successfulJobsHistoryLimit: 1, lastScheduleTime: ago(DAY) });
    const found = releaseOf(backup, ...[1, 2, 3].map((n) => finished(`run-${String(n)}`, n * HOUR, backup)));
    expect(names(found.atOnce)).toEqual(["run-2", "run-3"]);
    expect(found.startsAtOnce.map(({ name }) => name)).toEqual(["backup"]);
    const late = cronJob("late", { startingDeadlineSeconds: 10, lastScheduleTime: ago(DAY), schedule: "30 * * * *" });
    expect(releaseOf(late).startsAtOnce).toEqual([]);
    expect(releaseOf(cronJob("done", { lastScheduleTime: ago(60), schedule: "30 * * * *" })).startsAtOnce).toEqual([]);
  });

  it("is nothing for what was held in vain, and for what goes anyway", () => {
    expect(releaseOf(cronJob("idle", { suspend: true }))).toEqual({ atOnce: [], soon: [], startsAtOnce: [] });
  });

  it("is judged on the snapshot as it will be", () => {
    const given = snapshot([cronJob("backup", { suspend: true })]);
    const [step] = planned(given);
    const back = changesTo({ suspend: false }, fieldsOf(given.cronjobs[0]!));
    expect(after(given, [{ object: step!.object, changes: back }]).cronjobs[0]!.suspend).toBe(false);
  });
});
