import { describe, expect, it } from "vitest";
import { parseSchedule } from "../../../src/batch/schedule/index.ts";
import { isTooLate, mostRecentScheduleTime, nextRequeue, type Due } from "../../../src/batch/schedule/missed.ts";

const at = (time: string) => Date.parse(time);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(":00.000Z", "Z"));

function scheduleOf(spec: string) {
  const parsed = parseSchedule(spec, null);
  if ("invalid" in parsed) throw new Error(parsed.invalid);
  return parsed.schedule;
}

describe("missed starts (mostRecentScheduleTime, pkg/controller/cronjob/utils.go)", () => {
  const now = at("2026-11-26T12:00:30Z");
  const cronJob = (given: Partial<Due>): Due => ({
    creationTimestamp: at("2026-11-26T09:30:00Z"),
    lastScheduleTime: null,
    startingDeadlineSeconds: null,
    ...given,
  });
  const missed = (spec: string, given: Partial<Due> = {}) =>
    mostRecentScheduleTime(cronJob(given), now, scheduleOf(spec));
  const found = (spec: string, given: Partial<Due> = {}) => {
    const result = missed(spec, given);
    if ("invalid" in result) throw new Error(result.invalid);
    return [iso(result.mostRecent), result.count];
  };

  it("is the latest slot since the creation, else since the last start", () => {
    expect(found("0 * * * *")).toEqual(["2026-11-26T12:00Z", 3]);
    expect(found("0 * * * *", { lastScheduleTime: at("2026-11-26T11:00:00Z") })).toEqual(["2026-11-26T12:00Z", 0]);
    expect(found("0 * * * *", { lastScheduleTime: at("2026-11-26T12:00:00Z") })).toEqual([null, 0]);
  });

  it("looks no further back than the starting deadline", () => {
    expect(missed("0 * * * *", { startingDeadlineSeconds: 10 })).toEqual({
      earliest: now - 10_000,
      mostRecent: null,
      count: 0,
    });
    expect(found("0 * * * *", { startingDeadlineSeconds: 31 })).toEqual(["2026-11-26T12:00Z", 0]);
  });

  it("starts the latest of more than 100 slots all the same", () => {
    expect(found("* * * * *")).toEqual(["2026-11-26T12:00Z", 150]);
  });

  it("does not find slots that were missed in a burst", () => {
    expect(found("* 10 * * *")).toEqual([null, 121]);
  });

  it("counts @every from the last start", () => {
    expect(found("@every 7m", { lastScheduleTime: at("2026-11-26T11:30:00Z") })).toEqual(["2026-11-26T11:58Z", 4]);
  });

  it("never looks again at a schedule that names no time", () => {
    expect(missed("0 0 31 2 *")).toHaveProperty("invalid");
    expect(missed(", * * * *")).toHaveProperty("invalid");
  });

  it("takes a deadline of more than 292 years for one in the future, since Go multiplies in 64 bits", () => {
    const result = missed("0 * * * *", { startingDeadlineSeconds: 9_300_000_000 });
    expect("earliest" in result && result.earliest > now).toBe(true);
  });

  it("looks again 100 ms after the next slot, without regard to the deadline", () => {
    const given = cronJob({ startingDeadlineSeconds: 10 });
    expect(nextRequeue(given, now, scheduleOf("0 * * * *"))).toBe(at("2026-11-26T13:00:00.100Z"));
    expect(nextRequeue(given, now, scheduleOf("@every 7m"))).toBe(at("2026-11-26T12:04:00.100Z"));
    expect(nextRequeue(given, now, scheduleOf("* 10 * * *"))).toBe(at("2026-11-27T10:00:00.100Z"));
  });

  it("asks again at once where no slot follows", () => {
    expect(nextRequeue(cronJob({}), now, scheduleOf("0 0 31 2 *"))).toBe(now);
  });

  it("is too late for a slot when the deadline has passed, and not in that second", () => {
    const slot = at("2026-11-26T12:00:00Z");
    expect(isTooLate(slot, 29, now)).toBe(true);
    expect(isTooLate(slot, 30, now)).toBe(false);
    expect(isTooLate(slot, null, now)).toBe(false);
  });
});
