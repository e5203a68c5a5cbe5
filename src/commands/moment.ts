import { UsageError } from "../cli/errors.ts";
import { toTime } from "../batch/time.ts";
import type { Time } from "../model/object.ts";

/** A time that may depend on when the evidence was taken. */
export type Moment = (takenAt: Time) => Time;

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const RFC_3339 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Durations beyond this are slips: no evidence is ten thousand days old. */
const LONGEST = 10_000 * UNITS["d"]!;

/** Reads RFC 3339, a date in UTC, or a duration before the evidence was taken (`90m`, `1h30m`, `7d`). Throws UsageError for anything else. */
export function readMoment(flag: string, text: string): Moment {
  if (RFC_3339.test(text) && isDay(text.slice(0, 10))) {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return () => toTime(at);
  }
  const ago = durationOf(text);
  if (ago !== null && ago > LONGEST) throw new UsageError(`${flag} takes at most 10000d, and "${text}" is more`);
  if (ago === null) {
    throw new UsageError(`${flag} takes a time such as 2026-11-20T14:00:00Z or 24h, and "${text}" is none`);
  }
  return (takenAt) => toTime(Date.parse(takenAt) - ago);
}

/** Reads a duration (`90m`, `24h`, `7d`) as seconds. Throws UsageError for anything else. */
export function readSeconds(flag: string, text: string): number {
  const long = durationOf(text);
  if (long === null) throw new UsageError(`${flag} takes a duration such as 90m, 24h or 7d, and "${text}" is none`);
  if (long > LONGEST) throw new UsageError(`${flag} takes at most 10000d, and "${text}" is more`);
  return long / 1000;
}

/** Date.parse takes February 30 for March 2. */
function isDay(date: string): boolean {
  const start = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(start) && toTime(start).startsWith(date);
}

function durationOf(text: string): number | null {
  if (!/^(?:\d{1,6}[smhdw])+$/.test(text)) return null;
  return [...text.matchAll(/(\d+)([smhdw])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}
