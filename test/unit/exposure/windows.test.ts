import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atRest, measure, subtract, union, type Interval } from "../../../src/exposure/windows.ts";

const HOUR = 3_600_000;

const interval = fc
  .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 300 }))
  .map(([from, length]): Interval => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 12 });

/** The same answer without any cleverness: one instant after the other. */
function instants(list: readonly Interval[]): Set<number> {
  const covered = new Set<number>();
  for (const { from, to } of list) for (let at = from; at < to; at++) covered.add(at);
  return covered;
}

describe("windows of one credential are united", () => {
  test("the union is at least the longest and at most the sum", () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const lengths = list.map(({ from, to }) => to - from);
        const whole = measure(list);
        expect(whole).toBeGreaterThanOrEqual(Math.max(0, ...lengths));
        expect(whole).toBeLessThanOrEqual(lengths.reduce((a, b) => a + b, 0));
      }),
    );
  });

  test("the union covers exactly the instants that some window covers, in disjoint pieces", () => {
    fc.assert(
      fc.property(intervals, (list) => {
        const merged = union(list);
        expect(instants(merged)).toEqual(instants(list));
        for (const [i, next] of merged.slice(1).entries()) expect(next.from).toBeGreaterThan(merged[i]!.to);
      }),
    );
  });

  test("shuffling changes nothing", () => {
    fc.assert(
      fc.property(
        intervals.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(union(shuffled)).toEqual(union(list));
        },
      ),
    );
  });

  test("adding a carrier never shortens", () => {
    fc.assert(
      fc.property(intervals, interval, (list, more) => {
        expect(measure([...list, more])).toBeGreaterThanOrEqual(measure(list));
      }),
    );
  });

  test("inverted windows are empty", () => {
    expect(union([{ from: 10, to: 5 }])).toEqual([]);
  });
});

describe("what is at rest", () => {
  test("subtraction leaves exactly the instants in use out", () => {
    fc.assert(
      fc.property(intervals, intervals, (windows, uses) => {
        const used = instants(uses);
        expect(instants(subtract(windows, union(uses)))).toEqual(
          new Set([...instants(windows)].filter((at) => !used.has(at))),
        );
      }),
    );
  });

  test("hours are never negative, never more than the windows, and further use never adds any", () => {
    fc.assert(
      fc.property(intervals, intervals, interval, fc.integer({ min: 0, max: 1500 }), (windows, uses, more, now) => {
        const scale = ({ from, to }: Interval): Interval => ({ from: from * HOUR, to: to * HOUR });
        const closed = windows.map(scale);
        const hours = atRest(closed, union(uses.map(scale)), now * HOUR);
        expect(hours.soFar).toBeGreaterThanOrEqual(0);
        expect(hours.projected).toBeGreaterThanOrEqual(hours.soFar);
        expect(hours.projected).toBeLessThanOrEqual(measure(windows));
        expect(atRest(closed, union([...uses, more].map(scale)), now * HOUR).soFar).toBeLessThanOrEqual(hours.soFar);
      }),
    );
  });

  test("a window without an end has no projected total", () => {
    const windows = [{ from: 0, to: Infinity }];
    expect(atRest(windows, union([{ from: 0, to: HOUR }]), 3 * HOUR)).toEqual({ soFar: 2, projected: null });
  });

  test("nor has one in use, however long it will be: when its window ends is not known", () => {
    const windows = [{ from: 0, to: Infinity }];
    expect(atRest(windows, union([{ from: HOUR, to: Infinity }]), 3 * HOUR)).toEqual({ soFar: 1, projected: null });
  });

  test("hours after now are projected, not counted", () => {
    const windows = [{ from: 0, to: 10 * HOUR }];
    expect(atRest(windows, union([{ from: 0, to: HOUR }]), 4 * HOUR)).toEqual({ soFar: 3, projected: 9 });
  });

  test("what lies in the future at the moment of the evidence counts nothing yet", () => {
    expect(atRest([{ from: 5 * HOUR, to: 6 * HOUR }], union([]), 4 * HOUR)).toEqual({
      soFar: 0,
      projected: 1,
    });
  });
});
