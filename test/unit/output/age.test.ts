import fc from "fast-check";
import { expect, test } from "vitest";
import { age, humanDuration, relative, utc } from "../../../src/output/age.ts";

const m = 60;
const h = 60 * m;
const d = 24 * h;
const y = 365 * d;

/** Taken from the table of apimachinery's duration_test.go and from its thresholds, one second to either side. */
test.each([
  [-2, "<invalid>"],
  [-1, "0s"],
  [0, "0s"],
  [0.9, "0s"],
  [1, "1s"],
  [119, "119s"],
  [2 * m - 0.001, "119s"],
  [2 * m, "2m"],
  [2 * m + 1, "2m1s"],
  [10 * m - 1, "9m59s"],
  [10 * m, "10m"],
  [10 * m + 1, "10m"],
  [3 * h - 1, "179m"],
  [3 * h, "3h"],
  [3 * h + 1, "3h"],
  [3 * h + m, "3h1m"],
  [8 * h - 1, "7h59m"],
  [8 * h, "8h"],
  [8 * h + 59 * m, "8h"],
  [2 * d - 1, "47h"],
  [2 * d, "2d"],
  [2 * d + h, "2d1h"],
  [3 * d + 4 * h, "3d4h"],
  [8 * d - 1, "7d23h"],
  [8 * d, "8d"],
  [8 * d + 23 * h, "8d"],
  [2 * y - 1, "729d"],
  [2 * y, "2y"],
  [2 * y + d, "2y1d"],
  [8 * y - 1, "7y364d"],
  [8 * y, "8y"],
  [8 * y + 364 * d, "8y"],
])("HumanDuration of %d s is %s", (seconds, expected) => {
  expect(humanDuration(seconds)).toBe(expected);
});

test("longer is never printed as shorter", () => {
  const unit: Record<string, number> = { s: 1, m, h, d, y };
  const seconds = (text: string): number =>
    [...text.matchAll(/(\d+)([smhdy])/g)].reduce((sum, [, n, u]) => sum + Number(n) * unit[u!]!, 0);
  fc.assert(
    fc.property(fc.nat(20 * y), fc.nat(20 * y), (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(seconds(humanDuration(less))).toBeLessThanOrEqual(seconds(humanDuration(more)));
      expect(seconds(humanDuration(more))).toBeLessThanOrEqual(more);
    }),
  );
});

test("ages and moments are told from the snapshot's clock", () => {
  const now = "2026-11-22T05:41:09Z";
  expect(age("2026-11-19T01:41:09Z", now)).toBe("3d4h");
  expect(age(null, now)).toBe("<unknown>");
  expect(age("not a time", now)).toBe("<unknown>");
  expect(relative("2026-11-22T05:55:09Z", now)).toBe("in 14m");
  expect(relative("2026-11-22T05:41:09Z", now)).toBe("now");
  expect(relative("2026-11-19T01:41:09Z", now)).toBe("3d4h ago");
  expect(utc("2026-11-22T05:41:09.123Z")).toBe("2026-11-22 05:41:09 UTC");
});
