import { randomInt } from "node:crypto";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import { isTimeZone, parseSchedule, tzRelease } from "../../src/batch/schedule/index.ts";
import { mostRecentScheduleTime } from "../../src/batch/schedule/missed.ts";
import "../control-plane/global-setup.ts";
import { Oracle } from "../control-plane/oracle.ts";
import { HOSTILE_ZONES, type ScheduleCase } from "../oracle/schedules/cases.ts";
import { activations, agree, answer, compareSchedules, isTelling, summary } from "../oracle/schedules/compare.ts";
import { describeDisagreement, inWords, keptSchedules } from "../oracle/schedules/kept.ts";
import { compareMissed, ourMissed, randomMissed } from "../oracle/schedules/missed.ts";
import { MISTAKES } from "../oracle/schedules/mistakes.ts";
import { goZoneNames, testedZones, type TestedZone } from "../oracle/schedules/zones.ts";
import { VOLUME } from "./volume.ts";

/** Of each of two seeds, so that 50,000 are compared. */
const PAIRS = 25_000 * VOLUME;
const FIXED = 20_261_122;
const FRESH = randomInt(0x7fff_ffff);
const TIMEOUT = { timeout: 600_000 * VOLUME };

let started: Promise<[Oracle, TestedZone[]]> | null = null;

/** The oracle of this file with the zones that it knows; building it takes minutes where nothing of Kubernetes is compiled. */
function theOracle(): Promise<[Oracle, TestedZone[]]> {
  started ??= Oracle.start((line) => process.stderr.write(`oracle: ${line}\n`)).then(async ({ oracle }) => [
    oracle,
    await testedZones(oracle),
  ]);
  return started;
}

beforeEach((context) => {
  // No control plane is needed, but what it is built with; the run says once why it is not there.
  const provided = inject("controlPlane");
  if ("missing" in provided) context.skip(provided.missing);
});
afterAll(async () => {
  await (await started)?.[0].stop();
});

describe.each([
  ["a fixed seed", FIXED],
  ["a fresh seed", FRESH],
])("from %s: %i", (_, seed) => {
  test(`${String(PAIRS)} pairs of a schedule and a start have robfig/cron's next 50 activations`, TIMEOUT, async () => {
    const [oracle, zones] = await theOracle();
    const comparison = await compareSchedules(oracle, zones, { seed, pairs: PAIRS });
    process.stdout.write(`schedules: ${summary(comparison, seed)}\n`);
    if (comparison.disagreement !== null) expect.fail(describeDisagreement(comparison.disagreement, seed));
    const aside = [...comparison.aside.values()].reduce((sum, count) => sum + count, 0);
    expect(comparison.pairs + aside).toBe(PAIRS);
    expect(aside).toBeLessThan(PAIRS / 20);
    expect(isTelling(comparison), summary(comparison, seed)).toBe(true);
  });

  test("the controller's most recent missed start and its next look are found", TIMEOUT, async () => {
    const [oracle, zones] = await theOracle();
    expect(await compareMissed(oracle, randomMissed(zones, seed, 5000 * VOLUME))).toBeNull();
  });
});

describe("kept cases", () => {
  test.each(keptSchedules())("$why", TIMEOUT, async ({ schedule, timeZone, local = "UTC", start, want }) => {
    const [oracle] = await theOracle();
    const asked: ScheduleCase = { schedule, timeZone, local, starts: [Date.parse(start) / 1000] };
    const count = want === "invalid" ? 1 : want.length;
    expect(inWords(await activations(oracle, asked), count), "Kubernetes").toEqual(want);
    expect(inWords(answer(asked), count), "this program").toEqual(want);
  });
});

test("every name of Go's tz database is a time zone, and what the API server refuses is none", TIMEOUT, async () => {
  const [oracle] = await theOracle();
  const inGo = await goZoneNames(oracle);
  const variants = inGo.flatMap((name) => [name.toLowerCase(), name.toUpperCase(), `${name}/`, `posix/${name}`]);
  const names = [...new Set([...inGo, ...Intl.supportedValuesOf("timeZone"), ...variants, ...HOSTILE_ZONES])];
  const { loaded, valid } = await oracle.question("zones", { names });
  const disagreeing = names.filter((name, index) => isTimeZone(name) !== (valid[index] === "1"));
  expect(disagreeing).toEqual([]);
  expect(inGo.length).toBeGreaterThan(590);
  // What the controller would take all the same.
  expect(names.filter((_, index) => loaded[index] !== valid[index]).toSorted()).toEqual(["", "Local"]);
});

test(
  "the releases of the tz database differ after 1970 in the zones that are set aside, and the release has a name",
  TIMEOUT,
  async () => {
    const [, zones] = await theOracle();
    const now = Date.UTC(2026, 0, 1) / 1000;
    const differing = zones
      .filter(({ differences }) => differences.some(([, end]) => end > now))
      .map(({ name }) => name);
    process.stdout.write(
      `schedules: tz ${tzRelease()} here; other offsets than Go's from 2026: ${differing.join(", ")}\n`,
    );
    expect(tzRelease()).toMatch(/^20\d\d[a-z]$/);
    expect(differing.length).toBeLessThan(30);
  },
);

test.each(MISTAKES)("the comparison finds it when %s, and makes the case small", TIMEOUT, async (_, wrong) => {
  const [oracle, zones] = await theOracle();
  const { disagreement } = await compareSchedules(oracle, zones, { seed: FIXED, pairs: 50_000 }, wrong);
  expect(disagreement).not.toBeNull();
  const { minimal, theirs } = disagreement!;
  expect(agree(answer(minimal), theirs, 0), "without the mistake").toBe(true);
  expect(minimal.starts).toHaveLength(1);
  expect(minimal.schedule.length).toBeLessThan(60);
  expect(describeDisagreement(disagreement!, FIXED)).toContain('"want"');
});

test.each<[mistake: string, typeof mostRecentScheduleTime]>([
  ["the deadline is forgotten", (cronJob, now, schedule) => mostRecentScheduleTime(cronJob, now, schedule, false)],
  [
    "the creation counts though there was a start",
    (cronJob, now, schedule) => mostRecentScheduleTime({ ...cronJob, lastScheduleTime: null }, now, schedule),
  ],
  [
    "the latest slot is found behind a burst too",
    (cronJob, now, schedule) => {
      const found = mostRecentScheduleTime(cronJob, now, schedule);
      if ("invalid" in found || found.mostRecent !== null || found.count === 0) return found;
      return { ...found, mostRecent: schedule.next(found.earliest) };
    },
  ],
])("the comparison of missed starts finds it when %s", TIMEOUT, async (_, wrong) => {
  const [oracle, zones] = await theOracle();
  const cases = randomMissed(zones, FIXED, 5000);
  expect(await compareMissed(oracle, cases, (asked) => ourMissed(asked, wrong))).not.toBeNull();
});

test(
  "before a day that a zone left out, robfig/cron searches for ever where this program says never",
  TIMEOUT,
  async () => {
    const { oracle } = await Oracle.start(() => undefined);
    const asked: ScheduleCase = {
      schedule: "0 0 1 * *",
      timeZone: "Pacific/Apia",
      local: "UTC",
      starts: [Date.UTC(2011, 11, 2) / 1000],
    };
    const silence = new Promise((resolve) => setTimeout(resolve, 3000, "no answer"));
    try {
      const answered = oracle.question("schedule", { ...asked, count: 1 }).catch(() => "killed");
      expect(await Promise.race([answered, silence])).toBe("no answer");
    } finally {
      await oracle.stop();
    }
    const parsed = parseSchedule(asked.schedule, asked.timeZone);
    expect("schedule" in parsed && parsed.schedule.next(asked.starts[0]! * 1000)).toBeNull();
  },
);

test("a question of no kind is refused, and the next one is answered", TIMEOUT, async () => {
  const [oracle] = await theOracle();
  await expect(oracle.question("nonsense" as "zones", { names: [] })).rejects.toThrow('nothing answers "nonsense"');
  await expect(oracle.question("offsets", { zone: "Mars/Base", from: 0, to: 1 })).rejects.toThrow("unknown time zone");
  expect(await oracle.question("zones", { names: ["UTC", "utc"] })).toEqual({ loaded: "10", valid: "10" });
});
