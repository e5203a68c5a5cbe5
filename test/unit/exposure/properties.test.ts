import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { exposureContext } from "../../../src/exposure/context.ts";
import { judge } from "../../../src/exposure/judge.ts";
import type { Judged } from "../../../src/exposure/judged.ts";
import { answer, EVERYTHING, exposureReport } from "../../../src/exposure/report.ts";
import { SEVERITIES } from "../../../src/exposure/severity.ts";
import { useInterval, useOf } from "../../../src/exposure/uses.ts";
import { readsAs } from "../../../src/exposure/visible.ts";
import { before, hours, measure } from "../../../src/exposure/windows.ts";
import type { Carrier, CarrierReport, ExposureClass, ExposureItem, ReaderReport } from "../../../src/model/report.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { ExposureQuestion } from "../../../src/model/selection.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Pod } from "../../../src/model/workload.ts";
import { schemaErrors } from "../../schema.ts";
import { ago, DAY, everything } from "../batch/objects.ts";
import { binding, granting, SUBJECTS } from "./random-grants.ts";
import { pods, snapshots } from "./random-snapshot.ts";
import { shuffled } from "./shuffled.ts";

const RUNS = 150;
// Other work on the machine stretches the time, not the work.
vi.setConfig({ testTimeout: 120_000 });
const every = everything({ all: true });
const asked = (parts: Partial<ExposureQuestion>): ExposureQuestion => ({ ...EVERYTHING, ...parts });

function check<T extends unknown[]>(arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }, body: (...values: T) => void) {
  const property = fc.property(fc.tuple(...arbitraries), (values) => {
    body(...(values as T));
  });
  fc.assert(property, { numRuns: RUNS });
}

const judged = (snapshot: Snapshot): Judged[] => judge(snapshot, { allReaders: false }).judged;
const instantOf = (time: string): number => Date.parse(time);
/** Hours are rounded to two decimals, and up to three of them are compared at once. */
const ROUNDING = 0.031;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const placeOf = ({ class: id, object, path }: Carrier): string => JSON.stringify([id, object, path]);

const question: fc.Arbitrary<Partial<ExposureQuestion>> = fc.record({
  since: fc.option(fc.integer({ min: 0, max: 3 * DAY }).map(ago), { nil: null }),
  until: fc.option(fc.integer({ min: -DAY, max: -1 }).map(ago), { nil: null }),
  asSeenBy: fc.subarray(SUBJECTS as SubjectRef[], { maxLength: 1 }),
});

describe("windows", () => {
  test("the union is never shorter than its longest part, and never longer than the sum", () => {
    check<[Snapshot, number]>([snapshots, fc.integer({ min: 0, max: 4 * DAY })], (snapshot, horizon) => {
      const end = instantOf(ago(0)) + horizon * 1000;
      for (const { windows, item } of judged(snapshot)) {
        const lengths = before(windows, end).map(({ from, to }) => Math.max(0, to - from));
        const [longest, all] = [Math.max(...lengths), sum(lengths)];
        expect(measure(before(windows, end))).toBeGreaterThanOrEqual(longest);
        expect(measure(before(windows, end))).toBeLessThanOrEqual(all);
        if (horizon === 0) expect(item.atRestHours.soFar).toBeLessThanOrEqual(hours(all));
      }
    });
  });

  test("the item's window spans those of its carriers, of which none ends before it begins", () => {
    check<[Snapshot, Partial<ExposureQuestion>]>([snapshots, question], (snapshot, parts) => {
      for (const { opens, closes, carriers } of exposureReport(snapshot, every, asked(parts)).items) {
        expect(instantOf(opens)).toBe(Math.min(...carriers.map((one) => instantOf(one.opens))));
        const ends = carriers.map((one) => (one.closes === null ? Infinity : instantOf(one.closes)));
        expect(closes === null ? Infinity : instantOf(closes)).toBe(Math.max(...ends));
        carriers.forEach((one, i) => {
          expect(ends[i], `${one.closesBecause}: ${one.closesWhy}`).toBeGreaterThanOrEqual(instantOf(one.opens));
          expect(instantOf(one.opensNotBefore)).toBeLessThanOrEqual(instantOf(one.opens));
        });
      }
    });
  });

  test("time at rest is never negative, so far no more than in the end, and no more than the windows", () => {
    check<[Snapshot]>([snapshots], (snapshot) => {
      for (const { item, windows, resting } of judged(snapshot)) {
        const { soFar, projected } = item.atRestHours;
        expect(soFar).toBeGreaterThanOrEqual(0);
        expect(soFar).toBeLessThanOrEqual(hours(measure(before(windows, instantOf(ago(0))))));
        // What runs to come need is open, but not at rest.
        expect(projected === null).toBe(resting.some(({ to }) => to === Infinity));
        if (item.closes !== null) expect(projected).not.toBeNull();
        if (projected !== null) expect(projected).toBeGreaterThanOrEqual(soFar);
      }
    });
  });

  test("ending one window saves hours only where it has an end, and no more than the credential has left", () => {
    check<[Snapshot]>([snapshots], (snapshot) => {
      for (const { item, resting } of judged(snapshot)) {
        const { soFar, projected } = item.atRestHours;
        for (const [at, { closes, savesHours, endsBy }] of item.carriers.entries()) {
          expect(savesHours === null).toBe(resting[at]!.to === Infinity);
          expect(savesHours ?? 0).toBeGreaterThanOrEqual(0);
          if (projected !== null) expect(savesHours).toBeLessThanOrEqual(projected - soFar + ROUNDING);
          if (closes !== null && instantOf(closes) < instantOf(ago(0))) expect([endsBy, savesHours]).toEqual([null, 0]);
        }
      }
    });
  });
});

describe("adding", () => {
  /** Keys that stay, whatever else carries the credential: to a literal, a Secret that equals it may come. */
  const known = (items: readonly ExposureItem[]): Map<string, ExposureItem> =>
    new Map(
      items
        .filter(({ credential }) => credential.fingerprint !== null || credential.ref !== null)
        .map((item) => [JSON.stringify(item.credential.fingerprint ?? item.credential.ref), item]),
    );

  test("a carrier ends no window sooner and opens none later, and takes from the hours no more than its own use", () => {
    const stray = pods.map((one): Pod => ({
      ...one,
      meta: { ...one.meta, name: "stray", uid: "stray", ownerReferences: [], labels: {} },
    }));
    check<[Snapshot, Pod]>([snapshots, stray], (snapshot, more) => {
      const added = { ...snapshot, pods: [...snapshot.pods, more] };
      const context = exposureContext(added);
      // Where times contradict each other, the pod may seem to have ended before one of its containers.
      const uses = [null, ["main"], ["side"]].map((containers) => useOf(more, containers, context));
      const used = uses.map((use) => (use === null ? null : useInterval(use))).filter((use) => use !== null);
      const busy = hours(measure(before(used, context.now)));
      const after = known(exposureReport(added, every).items);
      for (const [key, item] of known(exposureReport(snapshot, every).items)) {
        const now = after.get(key)!;
        const places = Map.groupBy(now.carriers, placeOf);
        for (const carrier of item.carriers) {
          const same = places.get(placeOf(carrier))!;
          expect(Math.min(...same.map(({ opens }) => instantOf(opens)))).toBeLessThanOrEqual(instantOf(carrier.opens));
          const ends = same.map(({ closes }) => (closes === null ? Infinity : instantOf(closes)));
          expect(Math.max(...ends)).toBeGreaterThanOrEqual(
            carrier.closes === null ? Infinity : instantOf(carrier.closes),
          );
        }
        expect(now.atRestHours.soFar + busy + ROUNDING).toBeGreaterThanOrEqual(item.atRestHours.soFar);
      }
    });
  });

  test("a reader changes no window and takes no reader away", () => {
    check<[Snapshot, { role: never; binding: never }]>([snapshots, binding as never], (snapshot, grant) => {
      const after = new Map(exposureReport(granting(snapshot, [grant]), every).items.map((one) => [one.id, one]));
      const { items } = exposureReport(snapshot, every);
      expect(after.size).toBe(items.length);
      for (const item of items) {
        const now = after.get(item.id)!;
        const { opens, closes, carriers, atRestHours, neededUntil } = now;
        expect({ opens, closes, carriers, atRestHours, neededUntil }).toEqual({
          opens: item.opens,
          closes: item.closes,
          carriers: item.carriers,
          atRestHours: item.atRestHours,
          neededUntil: item.neededUntil,
        });
        expect(SEVERITIES.indexOf(now.severity)).toBeLessThanOrEqual(SEVERITIES.indexOf(item.severity));
        expect(Number(now.readers.everyone)).toBeGreaterThanOrEqual(Number(item.readers.everyone));
        expect(now.readers.count ?? Infinity).toBeGreaterThanOrEqual(item.readers.count ?? 0);
        for (const { subject, through } of item.readers.items) {
          const same = now.readers.items.find((one) => JSON.stringify(one.subject) === JSON.stringify(subject));
          expect(same?.through).toEqual(expect.arrayContaining(through));
        }
      }
    });
  });
});

describe("reports", () => {
  const order = fc.array(fc.nat(1000), { minLength: 60, maxLength: 60 });

  test.each(["credential", "carrier", "reader"] as const)("by %s do not depend on the order of the evidence", (by) => {
    check<[Snapshot, number[], Partial<ExposureQuestion>]>([snapshots, order, question], (snapshot, ranks, parts) => {
      const of = (given: Snapshot): string => JSON.stringify(answer(given, every, asked({ ...parts, by })), null, 1);
      expect(of(shuffled(snapshot, ranks))).toBe(of(snapshot));
    });
  });

  test("have unique ids and keep to their schemas", () => {
    check<[Snapshot, Partial<ExposureQuestion>]>([snapshots, question], (snapshot, parts) => {
      for (const by of ["credential", "carrier", "reader"] as const) {
        const report = answer(snapshot, every, asked({ ...parts, by }));
        expect(schemaErrors(report)).toEqual([]);
        if (report.kind !== "ExposureReport") continue;
        expect(new Set(report.items.map(({ id }) => id)).size).toBe(report.items.length);
      }
    });
  });

  const by = <By extends "carrier" | "reader">(of: By, snapshot: Snapshot, allReaders = false) =>
    answer(snapshot, { ...every, allReaders }, asked({ by: of })) as By extends "carrier"
      ? CarrierReport
      : ReaderReport;

  test("by carrier name each object once, and sum to no less than the credentials", () => {
    check<[Snapshot]>([snapshots], (snapshot) => {
      const { items, summary } = by("carrier", snapshot);
      expect(new Set(items.map(({ object }) => JSON.stringify(object))).size).toBe(items.length);
      const whole = exposureReport(snapshot, every).items;
      expect([...new Set(items.flatMap(({ credentials }) => credentials))].sort()).toEqual(
        whole.map(({ id }) => id).sort(),
      );
      const slack = ROUNDING * (items.length + whole.length);
      const soFar = sum(items.map(({ atRestHours }) => atRestHours.soFar));
      expect(soFar + slack).toBeGreaterThanOrEqual(summary.atRestHours.soFar);
      if (summary.atRestHours.projected === null) return;
      const projected = sum(items.map(({ atRestHours }) => atRestHours.projected ?? NaN));
      expect(projected + slack).toBeGreaterThanOrEqual(summary.atRestHours.projected);
    });
  });

  test("by reader give no reader more than the credentials have, and system:masters all that RBAC guards", () => {
    check<[Snapshot]>([snapshots], (snapshot) => {
      const { items } = by("reader", snapshot, true);
      const whole = exposureReport(snapshot, { ...every, allReaders: true }).items;
      const hoursOf = new Map(whole.map(({ id, atRestHours }) => [id, atRestHours.soFar]));
      for (const { credentials, atRestHours } of items) {
        const most = sum(credentials.map((id) => hoursOf.get(id)!));
        expect(atRestHours.soFar).toBeLessThanOrEqual(most + ROUNDING * credentials.length);
      }
      const guarded = judged(snapshot).filter(({ carriers }) =>
        carriers.some(({ found }) => found.access.some((one) => one.by === "rbac")),
      );
      const masters = items.find(({ subject }) => subject.name === "system:masters");
      expect(masters?.credentials ?? []).toEqual(guarded.map(({ item }) => item.id).sort());
      const all = sum(guarded.map(({ carriers, item }) => (onlyByNode(carriers) ? 0 : item.atRestHours.soFar)));
      // Carriers that only a node reads are not theirs.
      if (
        guarded.every(({ carriers }) => carriers.every(({ found }) => found.access.some(({ by: a }) => a === "rbac")))
      )
        expect(Math.abs((masters?.atRestHours.soFar ?? 0) - all)).toBeLessThan(ROUNDING * (guarded.length + 1));
    });
  });

  const onlyByNode = (carriers: Judged["carriers"]): boolean =>
    carriers.every(({ found }) => found.access.every((one) => one.by === "node"));

  test("as one identity sees it are a part of everybody's, and the same as its item by reader", () => {
    const who = fc.constantFrom(...(SUBJECTS as SubjectRef[]));
    check<[Snapshot, SubjectRef]>([snapshots, who], (snapshot, subject) => {
      const whole = new Map(exposureReport(snapshot, every).items.map((one) => [one.id, one]));
      const view = exposureReport(snapshot, every, asked({ asSeenBy: [subject] }));
      for (const item of view.items) {
        const all = whole.get(item.id)!;
        expect(item.atRestHours.soFar).toBeLessThanOrEqual(all.atRestHours.soFar + ROUNDING);
        expect(item.neededUntil).toBe(all.neededUntil);
        expect(item.removedFromTemplate).toBe(all.removedFromTemplate);
        const places = new Set(all.carriers.map(placeOf));
        for (const carrier of item.carriers) expect(places).toContain(placeOf(carrier));
      }
      const own = by("reader", snapshot, true).items.filter((one) => readsAs(subject, one.subject));
      const ids = [...new Set(own.flatMap(({ credentials }) => credentials))].sort();
      expect(view.items.map(({ id }) => id).sort()).toEqual(ids);
      // With its groups it may have read earlier than by itself.
      if (own.length !== 1) return;
      expect(view.summary.atRestHours.soFar).toBeCloseTo(own[0]!.atRestHours.soFar, 1);
      expect(view.summary.atRestHours.projected ?? null).toEqual(
        own[0]!.atRestHours.projected === null ? null : expect.closeTo(own[0]!.atRestHours.projected, 1),
      );
    });
  });

  test("of the parts of time add up to the report of all time", () => {
    check<[Snapshot, string]>([snapshots, fc.integer({ min: -DAY, max: 3 * DAY }).map(ago)], (snapshot, cut) => {
      const of = (parts: Partial<ExposureQuestion>) =>
        new Map(exposureReport(snapshot, every, asked(parts)).items.map((one) => [one.id, one.atRestHours]));
      const [early, late] = [of({ until: cut }), of({ since: cut })];
      for (const [id, all] of of({})) {
        const parts = [early.get(id), late.get(id)].filter((one) => one !== undefined);
        expect(parts.length).toBeGreaterThan(0);
        expect(Math.abs(sum(parts.map(({ soFar }) => soFar)) - all.soFar)).toBeLessThanOrEqual(2 * ROUNDING);
        if (all.projected === null) continue;
        expect(Math.abs(sum(parts.map(({ projected }) => projected ?? NaN)) - all.projected)).toBeLessThanOrEqual(
          2 * ROUNDING,
        );
      }
    });
  });

  const CLASSES: ExposureClass[] = [
    "literal-env",
    "literal-annotation",
    "secret-env",
    "node-grant",
    "token-bound",
    "log",
  ];

  test("of a class hold all that is of it, and nothing else", () => {
    check<[Snapshot, ExposureClass[]]>([snapshots, fc.subarray(CLASSES, { minLength: 1 })], (snapshot, classes) => {
      const isOf = ({ carriers }: ExposureItem): boolean => carriers.some((one) => classes.includes(one.class));
      const { items } = exposureReport(snapshot, every, asked({ classes }));
      expect(items).toEqual(exposureReport(snapshot, every).items.filter(isOf));
      const carriers = answer(snapshot, every, asked({ classes, by: "carrier" })) as CarrierReport;
      for (const item of carriers.items) expect(item.classes.some((one) => classes.includes(one))).toBe(true);
    });
  });
});
