import { describe, expect, it } from "vitest";
import { isTimeZone, parseSchedule, tzRelease } from "../../../src/batch/schedule/index.ts";

const at = (time: string) => Date.parse(time);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString().replace(":00.000Z", "Z"));

function scheduleOf(spec: string, zone: string | null = null, local?: string) {
  const parsed = parseSchedule(spec, zone, local);
  if ("invalid" in parsed) throw new Error(parsed.invalid);
  return parsed.schedule;
}

/** The first activations after a time, without seconds. */
function activations(spec: string, zone: string | null, start: string, count: number, local?: string) {
  const schedule = scheduleOf(spec, zone, local);
  const found: (string | null)[] = [];
  for (let last: number | null = at(start); found.length < count && last !== null;) {
    last = schedule.next(last);
    found.push(iso(last));
  }
  return found;
}

function invalid(spec: string, zone: string | null = null, local?: string): string | null {
  const parsed = parseSchedule(spec, zone, local);
  return "invalid" in parsed ? parsed.invalid : null;
}

describe("what a schedule may be (ParseStandard of robfig/cron v3.0.1)", () => {
  it.each([
    ["?", "? ? ? ? ?"],
    ["names in any letters, also in ranges", "0 0 * JAN-mar Mon-FRI"],
    ["steps, also from a single value", "5/15 */2 1-10/3 * *"],
    ["a sign and leading zeros", "+5 007 +1 * *"],
    ["anything after the hyphen of a star", "*-5 *-x * * *"],
    ["commas that separate nothing", "1,,2, ,3 * * *"],
    ["any white space", "0\t0\u00a0*\u2003*\n*"],
    ["descriptors", "@midnight"],
    ["durations of Go", "@every 1h1.5m"],
  ])("takes %s", (_, spec) => {
    expect(invalid(spec)).toBeNull();
  });

  it.each([
    ["a Sunday that is 7", "0 0 * * 7", '"7" in day of week ends above 6'],
    ["values beyond the field", "60 * * * *", '"60" in minute ends above 59'],
    ["a day 0", "0 0 0 * *", '"0" in day of month begins below 1'],
    ["ranges that wrap", "0 22-2 * * *", '"22-2" in hour begins after its end'],
    ["a step of 0", "*/0 * * * *", '"*/0" in minute has a step of 0'],
    ["two hyphens", "1-2-3 * * * *", '"1-2-3" in minute has too many hyphens'],
    ["two slashes", "1/2/3 * * * *", '"1/2/3" in minute has too many slashes'],
    ["L, W and #", "0 0 L * *", '"L" in day of month is no number'],
    ["names of minutes", "jan * * * *", '"jan" in minute is no number'],
    ["numbers below zero", "*/-2 * * * *", '"-2" in minute is negative'],
    ["numbers beyond 63 bits", "*/9223372036854775808 * * * *", '"9223372036854775808" in minute is too large'],
    ["seconds", "0 0 0 * * *", "it has 6 fields, not 5"],
    ["a field too few", "* * * *", "it has 4 fields, not 5"],
    ["nothing", "", "it is empty"],
    ["a space before a descriptor", " @daily", "it has 1 field, not 5"],
    ["a space behind one", "@daily ", '"@daily " is no descriptor'],
    ["descriptors of other crons", "@reboot", '"@reboot" is no descriptor'],
    ["days as a duration", "@every 1d", '"1d" after @every is no duration'],
    ["a byte order mark as white space", "0 0 * *\ufeff*", "it has 4 fields, not 5"],
  ])("refuses %s", (_, spec, why) => {
    expect(invalid(spec)).toBe(why);
  });
});

describe("which days match", () => {
  it("takes either where both days are restricted", () => {
    expect(activations("0 0 13 * 5", null, "2026-02-07T00:00:00Z", 4)).toEqual([
      "2026-02-13T00:00Z",
      "2026-02-20T00:00Z",
      "2026-02-27T00:00Z",
      "2026-03-06T00:00Z",
    ]);
  });

  it.each(["*", "?", "*/1", "*,13"])("takes both where one is %s", (star) => {
    expect(activations(`0 0 ${star} * 5`, null, "2026-02-07T00:00:00Z", 1)).toEqual(["2026-02-13T00:00Z"]);
    expect(activations(`0 0 ${star} * 5`, null, "2026-02-13T00:00:00Z", 1)).toEqual(["2026-02-20T00:00Z"]);
  });

  it.each(["*/2", "1-31", "1/1"])("takes either where one is %s, which has no star", (all) => {
    // 2026-02-09 is a Monday, and an odd day.
    expect(activations(`0 0 ${all} * 5`, null, "2026-02-08T00:00:00Z", 1)).toEqual(["2026-02-09T00:00Z"]);
  });

  it("finds no day for 31 February, a list of nothing, or a leap day behind 2096", () => {
    expect(activations("0 0 31 2 *", null, "2026-01-01T00:00:00Z", 1)).toEqual([null]);
    expect(activations(", 0 * * *", null, "2026-01-01T00:00:00Z", 1)).toEqual([null]);
    expect(activations("0 0 29 2 *", null, "2096-03-01T00:00:00Z", 1)).toEqual([null]);
    expect(activations("0 0 29 2 *", null, "2027-01-01T00:00:00Z", 1)).toEqual(["2028-02-29T00:00Z"]);
  });
});

describe("@every", () => {
  it("counts from the time before, and follows no clock", () => {
    expect(activations("@every 90m", null, "2026-01-01T00:17:00Z", 2)).toEqual([
      "2026-01-01T01:47Z",
      "2026-01-01T03:17Z",
    ]);
  });

  it.each([
    ["1.9s", 1000],
    ["10ms", 1000],
    ["-1h", 1000],
    ["0", 1000],
    ["1h-1m", null],
    ["1.5h", 5_400_000],
    ["1m0.5s", 60_000],
    ["2562047h47m16.854775807s", 9_223_372_036_000],
    ["2562047h47m16.854775808s", null],
  ])("waits for %s as whole seconds, one at least", (duration, delay) => {
    const parsed = parseSchedule(`@every ${duration}`, null);
    expect("schedule" in parsed ? parsed.schedule.next(700) : null).toBe(delay);
  });
});

describe("when clocks change", () => {
  it("leaves out what falls into the hour that is skipped", () => {
    expect(activations("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 1)).toEqual(["2026-03-09T06:30Z"]);
    expect(activations("0 * * * *", "America/New_York", "2026-03-08T06:00:00Z", 1)).toEqual(["2026-03-08T07:00Z"]);
  });

  it("runs twice in the hour that is shown twice", () => {
    expect(activations("30 1 * * *", "America/New_York", "2026-11-01T00:00:00Z", 3)).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-01T06:30Z",
      "2026-11-02T06:30Z",
    ]);
  });

  it("waits a year for a date whose hour is skipped", () => {
    expect(activations("30 2 8 3 *", "America/New_York", "2026-01-01T00:00:00Z", 1)).toEqual(["2027-03-08T07:30Z"]);
  });

  it("loses a weekly run on a day without midnight east of Greenwich, and none west of it", () => {
    // In Cairo, Friday 24 April 2026 begins at 01:00; the run at 05:00 that day is passed over.
    expect(activations("0 5 * * 5", "Africa/Cairo", "2026-04-17T12:00:00Z", 1)).toEqual(["2026-05-01T02:00Z"]);
    // In Sao Paulo, Sunday 4 November 2018 began at 01:00.
    expect(activations("0 5 * * 0", "America/Sao_Paulo", "2018-10-28T12:00:00Z", 1)).toEqual(["2018-11-04T07:00Z"]);
  });

  it("keeps to half an hour on Lord Howe", () => {
    expect(activations("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 3)).toEqual([
      "2026-04-04T14:45Z",
      "2026-04-04T15:15Z",
      "2026-04-05T15:15Z",
    ]);
  });

  it("says never where robfig/cron searches for ever, in the days before one that a zone left out", () => {
    expect(activations("0 0 1 * *", "Pacific/Apia", "2011-12-02T00:00:00Z", 1)).toEqual([null]);
    expect(activations("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 2)).toEqual([
      "2011-12-29T22:00Z",
      "2011-12-30T22:00Z",
    ]);
  });
});

describe("whose time zone counts (formatSchedule, pkg/controller/cronjob)", () => {
  const start = "2026-01-01T00:00:00Z";

  it.each([
    ["spec.timeZone", "0 0 * * *", "Asia/Tokyo", "Europe/Berlin", "2026-01-01T15:00Z"],
    ["else the controller-manager's", "0 0 * * *", null, "Europe/Berlin", "2026-01-01T23:00Z"],
    [
      "one in the schedule before both",
      "CRON_TZ=America/New_York 0 0 * * *",
      "Asia/Tokyo",
      "Europe/Berlin",
      "2026-01-01T05:00Z",
    ],
    ["the empty name in a schedule is UTC", "TZ= 0 0 * * *", null, "Europe/Berlin", "2026-01-02T00:00Z"],
    ["the empty spec.timeZone is UTC", "0 0 * * *", "", "Europe/Berlin", "2026-01-02T00:00Z"],
    ["Local is the controller-manager's", "TZ=Local 0 0 * * *", null, "Europe/Berlin", "2026-01-01T23:00Z"],
    ["Factory is UTC", "0 0 * * *", "Factory", "Europe/Berlin", "2026-01-02T00:00Z"],
  ])("%s", (_, spec, zone, local, first) => {
    expect(activations(spec, zone, start, 1, local)).toEqual([first]);
  });

  it("is UTC where nobody says", () => {
    expect(activations("0 0 * * *", null, start, 1)).toEqual(["2026-01-02T00:00Z"]);
  });

  it("cuts off the white space around a schedule with spec.timeZone", () => {
    expect(activations(" @daily ", "UTC", start, 1)).toEqual(["2026-01-02T00:00Z"]);
  });

  it.each([
    ["an unknown spec.timeZone", "0 0 * * *", "Mars/Base", 'unknown time zone "Mars/Base"'],
    ["one in other letters", "0 0 * * *", "europe/berlin", 'unknown time zone "europe/berlin"'],
    ["an unknown one in the schedule", "TZ=Mars/Base 0 0 * * *", null, 'unknown time zone "Mars/Base"'],
    ["an unknown spec.timeZone though the schedule has a good one", "TZ=UTC 0 0 * * *", "x", 'unknown time zone "x"'],
    ["a zone and nothing behind it, where robfig/cron panics", "TZ=UTC", null, 'nothing follows "TZ=UTC"'],
    ["a tab behind the zone", "TZ=UTC\t0 0 * * *", null, 'unknown time zone "UTC\\t0"'],
  ])("refuses %s", (_, spec, zone, why) => {
    expect(invalid(spec, zone)).toBe(why);
  });

  it("names the controller-manager's zone where that is unknown", () => {
    expect(invalid("0 0 * * *", null, "Mars/Base")).toBe('unknown time zone "Mars/Base"');
  });
});

describe("which names the API server takes (validateTimeZone, pkg/apis/batch/validation)", () => {
  it.each([
    "UTC",
    "Europe/Berlin",
    "America/Argentina/ComodRivadavia",
    "Etc/GMT+12",
    "US/Eastern",
    "EST5EDT",
    "Factory",
  ])("takes %s", (name) => expect(isTimeZone(name)).toBe(true));

  it.each([
    "",
    "Local",
    "local",
    "utc",
    "europe/berlin",
    "+05:30",
    "UTC+1",
    "posix/UTC",
    "Europe",
    "Europe/Berlin/",
    "../UTC",
  ])("refuses %j", (name) => expect(isTimeZone(name)).toBe(false));

  it("says which release of the tz database it has", () => {
    expect(tzRelease()).toMatch(/^20\d\d[a-z]$/);
  });
});
