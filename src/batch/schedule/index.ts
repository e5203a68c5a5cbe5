import { parseDuration } from "./duration.ts";
import { BOUNDS, any, only, parseField } from "./field.ts";
import { InvalidSchedule } from "./invalid.ts";
import { nextActivation, type Fields } from "./next.ts";
import { zoneNamed, type Zone } from "./zone.ts";

export { isTimeZone, tzRelease } from "./zone.ts";

/** When a CronJob's runs are due. */
export interface Schedule {
  /**
   * The first activation strictly after a time, both in milliseconds since the epoch; null where there is none in the five
   * years that robfig/cron looks at.
   */
  next(after: number): number | null;
}

/** A schedule, or in words why the controller runs nothing. */
export type Parsed = { schedule: Schedule } | { invalid: string };

/**
 * spec.schedule with spec.timeZone as the CronJob controller reads them (formatSchedule, pkg/controller/cronjob): robfig/cron's
 * ParseStandard. Where neither names a zone, that of the controller-manager's process counts, which is given as `local`.
 */
export function parseSchedule(spec: string, timeZone: string | null, local = "UTC"): Parsed {
  try {
    if (timeZone !== null) locate(timeZone, local);
    // A zone in the schedule itself, which the API server tolerates in old objects, goes before spec.timeZone.
    const text = timeZone === null || spec.includes("TZ") ? spec : `TZ=${timeZone} ${spec}`;
    return { schedule: parseStandard(text, local) };
  } catch (error) {
    if (error instanceof InvalidSchedule) return { invalid: error.message };
    throw error;
  }
}

/** Go's white space (unicode.IsSpace): U+0085 is, U+FEFF is not. */
const SPACE = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SPACES = new RegExp(`${SPACE}+`, "u");
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, "gu");

function parseStandard(text: string, local: string): Schedule {
  if (text === "") throw new InvalidSchedule("it is empty");
  const prefix = /^(?:CRON_)?TZ=/.exec(text)?.[0];
  if (prefix === undefined) return parseInZone(text, locate("Local", local));
  const space = text.indexOf(" ");
  // robfig/cron panics here, and the controller recovers.
  if (space < 0) throw new InvalidSchedule(`nothing follows ${quote(text)}`);
  const zone = locate(text.slice(prefix.length, space), local);
  return parseInZone(text.slice(space).replace(ENDS, ""), zone);
}

function parseInZone(text: string, zone: Zone): Schedule {
  if (text.startsWith("@every ")) return every(text.slice("@every ".length));
  const fields = text.startsWith("@") ? described(text) : parseFields(text);
  return {
    next(after) {
      const second = nextActivation(fields, zone, Math.floor(after / 1000));
      return second === null ? null : second * 1000;
    },
  };
}

function parseFields(text: string): Fields {
  const parts = text.split(SPACES).filter((part) => part !== "");
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts;
  if (dayOfWeek === undefined || parts.length > 5) {
    throw new InvalidSchedule(`it has ${String(parts.length)} ${parts.length === 1 ? "field" : "fields"}, not 5`);
  }
  return {
    minute: parseField(minute!, BOUNDS.minute),
    hour: parseField(hour!, BOUNDS.hour),
    dayOfMonth: parseField(dayOfMonth!, BOUNDS.dayOfMonth),
    month: parseField(month!, BOUNDS.month),
    dayOfWeek: parseField(dayOfWeek, BOUNDS.dayOfWeek),
  };
}

const ANY_DAY = { dayOfMonth: any(BOUNDS.dayOfMonth), month: any(BOUNDS.month), dayOfWeek: any(BOUNDS.dayOfWeek) };
const HOURLY: Fields = { minute: only(0, BOUNDS.minute), hour: any(BOUNDS.hour), ...ANY_DAY };
const DAILY: Fields = { ...HOURLY, hour: only(0, BOUNDS.hour) };
const WEEKLY: Fields = { ...DAILY, dayOfWeek: only(0, BOUNDS.dayOfWeek) };
const MONTHLY: Fields = { ...DAILY, dayOfMonth: only(1, BOUNDS.dayOfMonth) };
const YEARLY: Fields = { ...MONTHLY, month: only(1, BOUNDS.month) };

const DESCRIPTORS = new Map([
  ["@yearly", YEARLY],
  ["@annually", YEARLY],
  ["@monthly", MONTHLY],
  ["@weekly", WEEKLY],
  ["@daily", DAILY],
  ["@midnight", DAILY],
  ["@hourly", HOURLY],
]);

function described(text: string): Fields {
  const fields = DESCRIPTORS.get(text);
  if (fields === undefined) throw new InvalidSchedule(`${quote(text)} is no descriptor`);
  return fields;
}

/** A delay of whole seconds, at least one, from the time that it is asked for: it follows no clock. */
function every(text: string): Schedule {
  const nanoseconds = parseDuration(text);
  if (nanoseconds === null) throw new InvalidSchedule(`${quote(text)} after @every is no duration`);
  const seconds = nanoseconds < 1_000_000_000n ? 1 : Number(nanoseconds / 1_000_000_000n);
  return { next: (after) => (Math.floor(after / 1000) + seconds) * 1000 };
}

/** What time.LoadLocation finds: more than the API server takes, `Local` and the empty name for UTC among it. */
function locate(name: string, local: string): Zone {
  const zone = zoneNamed(name === "" ? "UTC" : name === "Local" ? local : name);
  if (zone === null) throw new InvalidSchedule(`unknown time zone ${quote(name === "Local" ? local : name)}`);
  return zone;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
