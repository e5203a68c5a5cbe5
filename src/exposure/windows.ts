import { instant } from "../batch/time.ts";
import type { Time } from "../model/object.ts";

/** Half-open stretch of time [from, to) in milliseconds since the epoch; `to` may be Infinity. */
export interface Interval {
  from: number;
  to: number;
}

declare const disjoint: unique symbol;

/** Intervals without overlap in ascending order; `union` makes them. */
export type Disjoint = readonly Interval[] & { readonly [disjoint]: true };

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
export function union(intervals: readonly Interval[]): Disjoint {
  const sorted = intervals.filter((one) => one.to > one.from).sort((a, b) => a.from - b.from);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else merged.push({ from: next.from, to: next.to });
  }
  return merged as Interval[] & Disjoint;
}

/** The instants of `whole` that are not in `holes`, as disjoint intervals. One of few windows costs little among many holes. */
export function subtract(whole: readonly Interval[], holes: Disjoint): Interval[] {
  const rest: Interval[] = [];
  let first: number | null = null;
  for (const one of union(whole)) {
    let from = one.from;
    first ??= firstAfter(holes, from);
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

/** The index of the first interval that ends after this moment. */
function firstAfter(intervals: Disjoint, at: number): number {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (intervals[middle]!.to <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True where part of the interval lies in the span; one without time in it, where its moment does. */
export function isOpenIn({ from, to }: Interval, span: Interval): boolean {
  return from < span.to && (to > span.from || (to === from && from >= span.from));
}

/** The part of each interval that lies in the span; empty where none does. */
export function within(intervals: readonly Interval[], { from, to }: Interval): Interval[] {
  return intervals.map((one) => ({ from: Math.max(one.from, from), to: Math.min(one.to, to) }));
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
export function atRest(windows: readonly Interval[], uses: Disjoint, now: number): Hours {
  const soFar = hours(measure(subtract(before(windows, now), uses)));
  if (windows.some(({ to }) => to === Infinity)) return { soFar, projected: null };
  return { soFar, projected: hours(measure(subtract(windows, uses))) };
}
