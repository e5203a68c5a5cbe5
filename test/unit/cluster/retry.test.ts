import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../../../src/cluster/options.ts";
import { type Attempt, nextWait, type Outcome, retryAfter } from "../../../src/cluster/retry.ts";

const first: Attempt = { tries: 1, resets: 0, waitedMs: 0 };

describe("what is tried again", () => {
  test.each([
    [429, true],
    [500, true],
    [503, true],
    [504, true],
    [501, false],
    [505, false],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [410, false],
  ])("%i: %s", (status, again) => {
    expect(nextWait(first, { status, retryAfterMs: null }, defaultLimits) !== null).toBe(again);
  });

  test("the server's own wait goes before ours, which doubles", () => {
    expect(nextWait(first, { status: 503, retryAfterMs: 3000 }, defaultLimits)).toBe(3000);
    const waits = [1, 2, 3, 4].map((tries) =>
      nextWait({ ...first, tries }, { status: 500, retryAfterMs: null }, defaultLimits),
    );
    expect(waits).toEqual([250, 500, 1000, 2000]);
  });

  test("whatever a server says, tries and waiting stay within the bounds", () => {
    const outcome: fc.Arbitrary<Outcome> = fc.oneof(
      fc.constant("reset" as const),
      fc.record({ status: fc.integer({ min: 400, max: 599 }), retryAfterMs: fc.option(fc.nat(40_000)) }),
    );
    fc.assert(
      fc.property(fc.infiniteStream(outcome), (outcomes) => {
        const attempt: Attempt = { tries: 0, resets: 0, waitedMs: 0 };
        for (const each of outcomes) {
          attempt.tries += 1;
          if (each === "reset") attempt.resets += 1;
          const wait = nextWait(attempt, each, defaultLimits);
          if (wait === null) break;
          attempt.waitedMs += wait;
        }
        expect(attempt.tries).toBeLessThanOrEqual(defaultLimits.tries);
        expect(attempt.waitedMs).toBeLessThanOrEqual(defaultLimits.waitMs);
        expect(attempt.resets).toBeLessThanOrEqual(defaultLimits.resets + 1);
      }),
    );
  });
});

test("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(retryAfter("3", now)).toBe(3000);
  expect(retryAfter("Thu, 01 Jan 2026 00:00:05 GMT", now)).toBe(5000);
  expect(retryAfter("Thu, 01 Jan 2020 00:00:05 GMT", now)).toBe(0);
  expect(retryAfter("soon", now)).toBe(null);
  expect(retryAfter("-1", now)).not.toBe(-1000);
  expect(retryAfter(undefined, now)).toBe(null);
});
