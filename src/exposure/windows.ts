import { instant } from "../batch/time.ts";
import type { Time } from "../model/object.ts";

/** Half-open stretch of time [from, to) in milliseconds since the epoch; `to` may be Infinity. */
export interface Interval {
  from: number;
  to: number;
}

/** Credential-hours; `projected` is null where no end is known. */
export interface Hours {
  soFar: number;
  projected: number | null;
}

const HOUR = 3_600_000;

/** Orders times; those of the API server are in UTC and of one length, so they order as text. */
export function compareTimes(a: Time, b: Time): number {
  if (a.length === b.length && a.endsWith("Z") && b.endsWith("Z")) return a < b ? -1 : a > b ? 1 : 0;
  return (instant(a) ?? 0) - (instant(b) ?? 0);
}

/** The earlier of two times; null counts as absent. */
export function earlier(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return a ?? b;
  return compareTimes(b, a) < 0 ? b : a;
}

/** The later of two times; null counts as absent. */
export function later(a: Time | null, b: Time | null): Time | null {
  if (a === null || b === null) return a ?? b;
  return compareTimes(b, a) > 0 ? b : a;
}

/** The same instants as disjoint intervals in ascending order; empty and inverted ones are dropped. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((one) => one.to > one.from).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else merged.push({ from: next.from, to: next.to });
  }
  return merged;
}

/** The instants of `whole` that are not in `taken`, as disjoint intervals. */
export function subtract(whole: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = union(taken);
  const rest: Interval[] = [];
  let first = 0;
  for (const one of union(whole)) {
    let from = one.from;
    while (first < holes.length && holes[first]!.to <= from) first++;
    for (let i = first; i < holes.length && holes[i]!.from < one.to; i++) {
      const hole = holes[i]!;
      if (hole.from > from) rest.push({ from, to: hole.from });
      from = Math.max(from, hole.to);
    }
    if (from < one.to) rest.push({ from, to: one.to });
  }
  return rest;
}

/** The part of each interval that lies before `end`. */
export function before(intervals: readonly Interval[], end: number): Interval[] {
  return intervals.map((one) => ({ from: one.from, to: Math.min(one.to, end) }));
}

/** Milliseconds covered; overlaps count once. */
export function measure(intervals: readonly Interval[]): number {
  return union(intervals).reduce((sum, one) => sum + (one.to - one.from), 0);
}

/** Milliseconds as hours with two decimals. */
export function hours(milliseconds: number): number {
  return Math.round((milliseconds / HOUR) * 100) / 100;
}

/**
 * Hours at rest: the union of the carriers' windows without the union of the times in which a container that uses the
 * credential ran. `soFar` counts up to `now`; `projected` is the total once every window has closed, null where a window
 * has no known end, whether or not its run is still going.
 */
export function atRest(windows: readonly Interval[], uses: readonly Interval[], now: number): Hours {
  const soFar = hours(measure(subtract(before(windows, now), uses)));
  if (windows.some(({ to }) => to === Infinity)) return { soFar, projected: null };
  return { soFar, projected: hours(measure(subtract(windows, uses))) };
}
