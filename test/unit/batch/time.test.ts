import fc from "fast-check";
import { expect, test } from "vitest";
import { instant, toTime } from "../../../src/batch/time.ts";

const times = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).map((seconds) => toTime(seconds * 1000));

test("a time as the API server writes it is read as Date.parse reads it", () => {
  fc.assert(
    fc.property(times, (time) => {
      expect(instant(time)).toBe(Date.parse(time));
    }),
    { numRuns: 5000 },
  );
});

/** One character of a time changed: what is no time any more must not be taken for one. */
const damaged = fc.tuple(times, fc.nat(19), fc.constantFrom(..."0123456789-:TZ+ x")).map(([time, at, character]) => {
  return time.slice(0, at) + character + time.slice(at + 1);
});

test("what is not quite a time is read as Date.parse reads it, or not at all", () => {
  fc.assert(
    fc.property(damaged, (time) => {
      const parsed = Date.parse(time);
      expect(instant(time)).toBe(Number.isNaN(parsed) ? null : parsed);
    }),
    { numRuns: 20_000 },
  );
});

test("times are written with whole seconds", () => {
  expect(toTime(Date.parse("2026-11-22T05:41:09.999Z"))).toBe("2026-11-22T05:41:09Z");
  expect(toTime(Date.parse("+012026-11-22T05:41:09Z"))).toBe("+012026-11-22T05:41:09Z");
});
