import type { Time } from "../model/object.ts";

/** Milliseconds since the epoch, or null for an absent or unreadable time. */
export function instant(time: Time | null | undefined): number | null {
  if (time == null) return null;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}

/** RFC 3339 in UTC with whole seconds, as the API server writes times; milliseconds are cut off. */
export function toTime(ms: number): Time {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}
