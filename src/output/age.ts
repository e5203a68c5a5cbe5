import dayjs from "dayjs";
import durationPlugin from "dayjs/plugin/duration.js";
import type { Time } from "../model/object.ts";

dayjs.extend(durationPlugin);

/**
 * A duration in seconds the way `kubectl get` prints ages: at most two units, fewer digits the older it is
 * (apimachinery, util/duration HumanDuration).
 */
export function humanDuration(seconds: number): string {
  const whole = Math.trunc(seconds);
  if (whole < -1) return "<invalid>";
  if (whole < 0) return "0s";
  if (whole < 120) return `${whole}s`;
  const span = dayjs.duration(whole, "seconds");
  const minutes = Math.floor(span.asMinutes());
  if (minutes < 10) return two(minutes, "m", whole % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(span.asHours());
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 8) return two(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? two(years, "y", days % 365, "d") : `${years}y`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** Seconds from one time to another; null when either is no time. */
export function secondsBetween(from: Time, to: Time): number | null {
  const seconds = dayjs(to).diff(dayjs(from), "millisecond") / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}

/** How long ago `time` was at `now`, as kubectl's AGE column; `<unknown>` where nothing dates it. */
export function age(time: Time | null, now: Time): string {
  const seconds = time === null ? null : secondsBetween(time, now);
  return seconds === null ? "<unknown>" : humanDuration(seconds);
}

/** When `time` comes, seen from `now`: `in 14m`, `now`, or `3d4h ago`. */
export function relative(time: Time, now: Time): string {
  const seconds = secondsBetween(now, time);
  if (seconds === null) return "<unknown>";
  if (Math.abs(seconds) < 1) return "now";
  return seconds > 0 ? `in ${humanDuration(seconds)}` : `${humanDuration(-seconds)} ago`;
}

/** `2026-11-22 05:41:09 UTC`, without fractions. */
export function utc(time: Time): string {
  const parsed = dayjs(time);
  return parsed.isValid() ? `${parsed.toISOString().slice(0, 19).replace("T", " ")} UTC` : time;
}
