import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/batch/time.ts";
import type { Job } from "../../../src/model/workload.ts";
import { overlapsOf, runsOf } from "../../../src/scenarios/assess/overlaps.ts";
import { ago, condition, cronJob, finished, HOUR, job, pod, terminated } from "../batch/objects.ts";

const rotate = cronJob("rotate");
const none = (): [] => [];

/** A Job of so many seconds ago; `seconds` null runs still. */
function ran(name: string, since: number, seconds: number | null, annotations: Record<string, string> = {}): Job {
  return job(name, {
    startTime: ago(since),
    completionTime: seconds === null ? null : ago(since - seconds),
    conditions: seconds === null ? [] : [condition("Complete", ago(since - seconds))],
    meta: { annotations },
  });
}

function overlaps(jobs: Job[]) {
  return overlapsOf(runsOf(rotate, jobs, none)).map(({ earlier, later, from, to }) => [
    earlier.name,
    later.name,
    from,
    to,
  ]);
}

describe("runs of one CronJob overlap", () => {
  test.each([
    ["not where one starts when the other ends", [ran("a", 100, 50), ran("b", 50, 50)], []],
    ["where one starts before the other ends", [ran("a", 100, 51), ran("b", 50, 40)], [["a", "b", ago(50), ago(49)]]],
    ["with one inside the other", [ran("a", 100, 90), ran("b", 50, 10)], [["a", "b", ago(50), ago(40)]]],
    ["to the end that is first", [ran("b", 50, null), ran("a", 100, 90)], [["a", "b", ago(50), ago(10)]]],
    ["without an end where both run", [ran("a", 100, null), ran("b", 50, null)], [["a", "b", ago(50), null]]],
    ["not where one has no length", [ran("a", 100, 90), ran("b", 50, 0)], []],
    ["not where a start is not known", [ran("a", 100, 90), { ...ran("b", 50, 10), startTime: null }], []],
  ])("%s", (_, jobs, want) => {
    expect(overlaps(jobs)).toEqual(want);
  });

  test("until its pods have ended, where these outlive the Job", () => {
    const failed = finished("a", 60, rotate, { outcome: "Failed", startTime: ago(HOUR) });
    const its = pod("a-x", { containers: [terminated("main", ago(10))] });
    const found = overlapsOf(runsOf(rotate, [failed, ran("b", 30, 20)], (one) => (one === failed ? [its] : [])));
    expect(found).toMatchObject([{ from: ago(30), to: ago(10) }]);
  });

  test("leaves out a run that ended at a time that is not known", () => {
    const lost = job("a", { startTime: ago(100), conditions: [condition("Failed", null)] });
    expect(overlaps([lost, ran("b", 50, 10)])).toEqual([]);
  });

  test("is the same as by comparing all pairs", () => {
    const interval = fc.record({ since: fc.nat(60), length: fc.option(fc.nat(30), { nil: null }) });
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), (all) => {
        const jobs = all.map(({ since, length }, at) =>
          ran(`j${String(at).padStart(2, "0")}`, since + 60, length === null ? null : Math.min(length, since + 60)),
        );
        expect(overlaps(jobs).map(pairKey).sort()).toEqual(byBruteForce(jobs).map(pairKey).sort());
      }),
    );
  });
});

const pairKey = (pair: readonly unknown[]): string => JSON.stringify([pair.slice(0, 2).toSorted(), ...pair.slice(2)]);

function byBruteForce(jobs: readonly Job[]): unknown[][] {
  return jobs.flatMap((a, at) =>
    jobs.slice(at + 1).flatMap((b) => {
      const from = Math.max(instant(a.startTime)!, instant(b.startTime)!);
      const to = Math.min(instant(a.completionTime) ?? Infinity, instant(b.completionTime) ?? Infinity);
      if (from >= to) return [];
      const iso = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
      return [[a.meta.name, b.meta.name, iso(from), to === Infinity ? null : iso(to)]];
    }),
  );
}

describe("a run is the schedule's", () => {
  const at = "batch.kubernetes.io/cronjob-scheduled-timestamp";
  const minutes = String(Math.floor(Date.parse(ago(24 * HOUR)) / 60_000));

  test.each([
    ["by the time that the controller notes", "x", { [at]: "2026-11-22T10:00:00Z" }, true],
    ["by its name", `rotate-${minutes}`, {}, true],
    ["not by a name of other minutes", "rotate-12345678", {}, false],
    ["not by any other name", "rotate-now", {}, false],
    [
      "not where kubectl made it from the CronJob",
      `rotate-${minutes}`,
      { "cronjob.kubernetes.io/instantiate": "manual", [at]: "x" },
      false,
    ],
  ])("%s", (_, name, annotations, scheduled) => {
    expect(runsOf(rotate, [ran(name, 100, 50, annotations)], none)).toMatchObject([{ scheduled }]);
  });
});
