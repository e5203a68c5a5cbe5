import { BOUNDS, parseField, type Bounds, type Field } from "../../../src/batch/schedule/field.ts";
import { parseSchedule, type Parsed, type Schedule } from "../../../src/batch/schedule/index.ts";
import { nextActivation, type Fields } from "../../../src/batch/schedule/next.ts";
import { zoneNamed } from "../../../src/batch/schedule/zone.ts";
import type { Parse } from "./compare.ts";

/** Mistakes that others have made, each of which the random cases must show. */
export const MISTAKES: [mistake: string, Parse][] = [
  ["a Sunday may be 7", (schedule, ...zones) => parseSchedule(schedule.replace(/(?<= )7$/, "0"), ...zones)],
  [
    "names are taken in small letters only",
    (schedule, ...zones) => onlyIf(!/[A-Z]{3}/.test(schedule), schedule, zones),
  ],
  ["5/15 is 5 alone", (schedule, ...zones) => parseSchedule(schedule.replace(/(?<![-\d])(\d+)\/\d+/g, "$1"), ...zones)],
  [
    "the day of the month and the day of the week exclude nothing, stars or not",
    withFields((fields) => ({
      ...fields,
      dayOfMonth: { ...fields.dayOfMonth, star: false },
      dayOfWeek: { ...fields.dayOfWeek, star: false },
    })),
  ],
  [
    "both days must match, stars or not",
    withFields((fields) => ({ ...fields, dayOfWeek: { ...fields.dayOfWeek, star: true } })),
  ],
  ["*/2 is a star", withStars((field, text) => field.star || text.startsWith("*/"))],
  ["*/1 is no star", withStars((field, text) => field.star && !text.includes("/"))],
  ["what falls into a gap is run after it, and nothing twice", onTheWall],
  [
    "the search ends with no year",
    searching(
      ({ next }) =>
        (after) =>
          next(after) ?? next(after + 5.5 * 365.25 * 86_400_000),
    ),
  ],
  [
    "@every follows the clock",
    (schedule, ...zones) => {
      const parsed = parseSchedule(schedule, ...zones);
      if ("invalid" in parsed || !schedule.startsWith("@every")) return parsed;
      const delay = parsed.schedule.next(0)!;
      return { schedule: { next: (after) => (Math.floor(after / delay) + 1) * delay } };
    },
  ],
  [
    "time zones are taken in any letters",
    (schedule, timeZone, local) => {
      const known = timeZone !== null && timeZone.toLowerCase() === "europe/berlin";
      return parseSchedule(schedule, known ? "Europe/Berlin" : timeZone, local);
    },
  ],
  [
    "a start that is due counts",
    searching(
      ({ next }) =>
        (after) =>
          next(after - 1000),
    ),
  ],
];

type Zones = [timeZone: string | null, local: string];

function onlyIf(accepts: boolean, schedule: string, zones: Zones): Parsed {
  return accepts || schedule.includes("TZ") ? parseSchedule(schedule, ...zones) : { invalid: "a mistake" };
}

/** A schedule of five plain fields with a mistake in them; all others are right. */
function withFields(mistake: (fields: Fields, texts: string[]) => Fields): Parse {
  return (schedule, timeZone, local) => {
    const right = parseSchedule(schedule, timeZone, local);
    const texts = schedule.split(" ");
    const zone = zoneNamed(timeZone ?? local);
    if ("invalid" in right || texts.length !== 5 || zone === null || schedule.includes("TZ")) return right;
    const bounds = Object.entries(BOUNDS) as [keyof Fields, Bounds][];
    const fields = Object.fromEntries(
      bounds.map(([name, bound], index): [string, Field] => [name, parseField(texts[index]!.trim(), bound)]),
    ) as unknown as Fields;
    const wrong = mistake(fields, texts);
    const next: Schedule["next"] = (after) => {
      const second = nextActivation(wrong, zone, Math.floor(after / 1000));
      return second === null ? null : second * 1000;
    };
    return { schedule: { next } };
  };
}

function withStars(isStar: (field: Field, text: string) => boolean): Parse {
  return withFields((fields, texts) => ({
    ...fields,
    dayOfMonth: { ...fields.dayOfMonth, star: isStar(fields.dayOfMonth, texts[2]!) },
    dayOfWeek: { ...fields.dayOfWeek, star: isStar(fields.dayOfWeek, texts[4]!) },
  }));
}

/** Every schedule with another search. */
function searching(wrong: (schedule: Schedule) => Schedule["next"]): Parse {
  return (...asked) => {
    const right = parseSchedule(...asked);
    return "invalid" in right ? right : { schedule: { next: wrong(right.schedule) } };
  };
}

/** Reckons with what clocks show, and asks only then when that is. */
function onTheWall(schedule: string, timeZone: string | null, local: string): Parsed {
  const right = parseSchedule(schedule, timeZone, local);
  const onWall = parseSchedule(schedule, "UTC");
  const zone = zoneNamed(timeZone ?? local);
  const isPlain = !schedule.includes("TZ") && !schedule.startsWith("@every");
  if ("invalid" in right || "invalid" in onWall || zone === null || !isPlain) return right;
  const next: Schedule["next"] = (after) => {
    const shown = after + zone.offset(Math.floor(after / 1000)) * 1000;
    for (let at = onWall.schedule.next(shown); at !== null; at = onWall.schedule.next(at)) {
      const wall = new Temporal.ZonedDateTime(BigInt(at) * 1_000_000n, "UTC").toPlainDateTime();
      const instant = wall.toZonedDateTime(zone.name).epochMilliseconds;
      if (instant > after) return instant;
    }
    return null;
  };
  return { schedule: { next } };
}
