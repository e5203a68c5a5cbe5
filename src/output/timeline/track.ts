import type { Time } from "../../model/object.ts";
import type { Carrier, ExposureItem } from "../../model/report.ts";
import { byOrder } from "./order.ts";

/** Half-open stretch of time in milliseconds since the epoch; `from` may be -Infinity, `to` may be Infinity. */
export interface Stretch {
  from: number;
  to: number;
}

/** What is drawn of one credential. */
export interface Track {
  /** Its carriers in an order that does not depend on the one they came in. */
  item: ExposureItem;
  /** Where it was readable, proved: disjoint, ascending. Empty: no carrier has an opening that can be drawn. */
  windows: Stretch[];
  /** Where it may have been readable already: between not before and proved by. */
  maybe: Stretch[];
  /** When the last container that used it finished: Infinity while one does, -Infinity where no use was seen. */
  needed: number;
  /** The latest closing of what is drawn; Infinity where none is known. */
  end: number;
  /** True where a closing stands there and is no time. */
  endUnreadable: boolean;
  /** What cannot be drawn, in words. */
  faults: string[];
}

/** Milliseconds since the epoch; NaN for what is no time. */
export function instantOf(time: Time | null): number {
  return time === null ? NaN : Date.parse(time);
}

/** Reads one credential's times; what cannot be drawn is counted and said. */
export function trackOf(item: ExposureItem, now: number): Track {
  const carriers = [...item.carriers].sort(byOrder);
  const undrawn = { unreadable: 0, inverted: 0 };
  const windows: Stretch[] = [];
  const maybe: Stretch[] = [];
  let endUnreadable = false;
  for (const carrier of carriers) {
    const from = instantOf(carrier.opens);
    const closes = instantOf(carrier.closes);
    if (Number.isNaN(from)) undrawn.unreadable++;
    else if (closes < from) undrawn.inverted++;
    else if (closes !== from) {
      windows.push({ from, to: Number.isNaN(closes) ? Infinity : closes });
      endUnreadable ||= carrier.closes !== null && Number.isNaN(closes);
      maybe.push({ from: notBefore(carrier, from), to: from });
    }
  }
  const drawn = unite(windows);
  const track = { item: { ...item, carriers }, windows: drawn, maybe: unite(maybe), endUnreadable };
  const faults = faultsOf(undrawn, carriers.length);
  if (faults.length === 0 && drawn.length === 0) faults.push("no window: it closes as it opens");
  return { ...track, needed: neededOf(item, drawn, now), end: drawn.at(-1)?.to ?? -Infinity, faults };
}

/** The earliest moment at which it can have opened; a bound without one may be as early as you like. */
function notBefore({ opensNotBefore, opensIsBound }: Carrier, opens: number): number {
  const at = instantOf(opensNotBefore);
  if (at < opens) return at;
  return opensIsBound ? -Infinity : opens;
}

function faultsOf({ unreadable, inverted }: { unreadable: number; inverted: number }, of: number): string[] {
  const counted = (n: number): string => (of === 1 ? "not drawn" : `${String(n)} of ${String(of)} places not drawn`);
  return [
    ...(unreadable > 0 ? [`${counted(unreadable)}: when it opened cannot be read`] : []),
    ...(inverted > 0 ? [`${counted(inverted)}: it closes before it opens`] : []),
  ];
}

/** Hours are rounded to hundredths. */
const rounding = 0.011;

/** `neededUntil` is null both while something runs and where nothing ever ran; all of it at rest means the latter. */
function neededOf({ neededUntil, atRestHours }: ExposureItem, windows: Stretch[], now: number): number {
  if (neededUntil !== null) {
    const at = instantOf(neededUntil);
    return Number.isNaN(at) ? -Infinity : at;
  }
  const open = windows.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, now) - from), 0) / 3_600_000;
  return atRestHours.soFar > 0 && atRestHours.soFar >= open - rounding ? -Infinity : Infinity;
}

/** The same instants as disjoint stretches in ascending order; empty ones are dropped. */
function unite(stretches: Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const next of stretches.filter(({ from, to }) => to > from).sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (last !== undefined && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else merged.push({ ...next });
  }
  return merged;
}
