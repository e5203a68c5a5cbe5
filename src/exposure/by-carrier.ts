import { instant } from "../batch/time.ts";
import type { ObjectRef } from "../model/object.ts";
import type { CarrierItem, ExposureClass, Readers, Severity } from "../model/report.ts";
import { objectOf } from "./class.ts";
import type { Carried } from "./identity.ts";
import type { Judgement } from "./judge.ts";
import type { Judged } from "./judged.ts";
import { SEVERITIES } from "./severity.ts";
import { atRest, compareTimes, hours, isOpenIn, measure, subtract, within } from "./windows.ts";
import type { Disjoint, Interval } from "./windows.ts";

/** One carrier of one credential. */
interface Held {
  judged: Judged;
  at: number;
}

/**
 * One item for each object that carries any of these in the span and in one of the classes (empty: in any), with all that it
 * carries of them; the order is the reports'.
 */
export function byCarrier(
  all: readonly Judged[],
  { context, span, readersOf }: Pick<Judgement, "context" | "span" | "readersOf">,
  classes: readonly ExposureClass[] = [],
): CarrierItem[] {
  const isAsked = ({ judged, at }: Held): boolean =>
    isOpenIn(judged.windowAt(at), span) && (classes.length === 0 || classes.includes(judged.carriers[at]!.rule.id));
  const objects = new Map<string, Held[]>();
  for (const judged of all) {
    judged.carriers.forEach(({ found }, at) => {
      objects.getOrInsertComputed(keyOf(objectOf(found, context)), () => []).push({ judged, at });
    });
  }
  return [...objects.values()]
    .filter((held) => held.some(isAsked))
    .map((held) => itemOf(held, { context, span, readersOf }))
    .sort(inOrder);
}

function itemOf(
  held: readonly Held[],
  { context, span, readersOf }: Pick<Judgement, "context" | "span" | "readersOf">,
): CarrierItem {
  const carriers = held.map(({ judged, at }) => judged.carrierAt(at));
  const carried: Carried[] = held.map(({ judged, at }) => judged.carriers[at]!);
  const first = carriers.reduce((a, b) => (compareTimes(b.opens, a.opens) < 0 ? b : a));
  const last = carriers.reduce((a, b) => (endOf(b.closes) > endOf(a.closes) ? b : a));
  const perCredential = [...Map.groupBy(held, ({ judged }) => judged)].map(([judged, own]) => {
    const windows = own.map(({ at }) => judged.restingAt(at));
    return { windows, uses: judged.uses, hours: atRest(within(windows, span), judged.uses, context.now) };
  });
  const { everyone, count, folded }: Readers = readersOf(carried).readers;
  return {
    object: carriers[0]!.object,
    workload: context.refOf(context.rootOf(carried[0]!.found.source)),
    severity: worst(held.map(({ judged }) => judged.item.severity)),
    credentials: [...new Set(held.map(({ judged }) => judged.item.id))].sort(),
    classes: [...new Set(carriers.map((carrier) => carrier.class))].sort(),
    opens: first.opens,
    opensIsBound: first.opensIsBound,
    closes: last.closes,
    closesBecause: last.closesBecause,
    closesWhy: last.closesWhy,
    closesIsBound: last.closesIsBound,
    closesAssumes: last.closesAssumes,
    atRestHours: {
      soFar: sum(perCredential.map((one) => one.hours.soFar))!,
      projected: sum(perCredential.map((one) => one.hours.projected)),
    },
    readers: { everyone, count, folded },
    endsBy: carriers.find(({ endsBy }) => endsBy !== null)?.endsBy ?? null,
    savesHours: sum(perCredential.map(({ windows, uses }) => savedBy(windows, uses, context.now))),
  };
}

function savedBy(windows: readonly Interval[], uses: Disjoint, now: number): number | null {
  if (windows.some(({ to }) => to === Infinity)) return null;
  return hours(measure(subtract(within(windows, { from: now, to: Infinity }), uses)));
}

function endOf(closes: string | null): number {
  return closes === null ? Infinity : (instant(closes) ?? Infinity);
}

/** Null where one of them is without end. */
export function sum(values: readonly (number | null)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return Math.round(total * 100) / 100;
}

/** Of at least one severity the worst. */
export function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity))!;
}

function inOrder(a: CarrierItem, b: CarrierItem): number {
  return (
    Number(b.readers.everyone) - Number(a.readers.everyone) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.atRestHours.soFar - a.atRestHours.soFar ||
    compare(keyOf(a.object), keyOf(b.object))
  );
}

/** Tells objects apart, and orders them by namespace, kind, name and uid. JSON keeps the parts apart, whatever a hostile name holds. */
export function keyOf({ namespace, kind, name, uid }: ObjectRef): string {
  return JSON.stringify([namespace ?? "", kind, name, uid ?? ""]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
