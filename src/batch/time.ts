import type { Time } from "../model/object.ts";

/** Milliseconds since the epoch, or null for an absent or unreadable time. */
export function instant(time: Time | null | undefined): number | null {
  if (time == null) return null;
  const quick = asServed(time);
  if (quick !== null) return quick;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}

/** RFC 3339 in UTC with whole seconds, as the API server writes times; milliseconds are cut off. */
export function toTime(ms: number): Time {
  const text = new Date(ms).toISOString();
  // Years of more than four digits make it longer.
  return text.length === 24 ? `${text.slice(0, 19)}Z` : text.replace(/\.\d{3}Z$/, "Z");
}

const DAY = 86_400_000;

/**
 * The form in which the API server writes every time, `2026-11-22T05:41:09Z`, read without Date.parse: a large cluster has
 * hundreds of thousands. Null for any other form, and for what a calendar has to decide.
 */
function asServed(time: string): number | null {
  if (time.length !== 20 || time.charCodeAt(10) !== 0x54 || time.charCodeAt(19) !== 0x5a) return null;
  if (time.charCodeAt(4) !== 0x2d || time.charCodeAt(7) !== 0x2d) return null;
  if (time.charCodeAt(13) !== 0x3a || time.charCodeAt(16) !== 0x3a) return null;
  const year = two(time, 0) * 100 + two(time, 2);
  const month = two(time, 5);
  const day = two(time, 8);
  const hour = two(time, 11);
  const minute = two(time, 14);
  const second = two(time, 17);
  // What is no number is below all bounds.
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 28) return null;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  return daysFromCivil(year, month, day) * DAY + (hour * 3600 + minute * 60 + second) * 1000;
}

/** Two digits as a number; far below zero where one is none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const units = text.charCodeAt(at + 1) - 0x30;
  return tens < 0 || tens > 9 || units < 0 || units > 9 ? -100_000 : tens * 10 + units;
}

/** Days since 1970-01-01 in the Gregorian calendar, with years that begin in March, so that the leap day is the last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
