import { hash } from "node:crypto";
import type { Confidence } from "../model/credential.ts";
import type { ExposureClass } from "../model/report.ts";
import { classes } from "./classes/index.generated.ts";
import { LITERAL_CLASSES, type ExposureClassRule, type Found, type Identity, type Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { keysOf } from "./same-credential.ts";
import { compareTimes } from "./windows.ts";

/** One finding with the class that made it. */
export interface Carried {
  rule: ExposureClassRule;
  found: Found;
}

/** A finding with its place among all: the findings of one object keep their order, whatever the order of the evidence. */
interface Met extends Carried {
  nth: number;
}

/** One secret thing with everything that carries it, the primary carrier first. */
export interface Credential {
  /** 16 hex digits from the uid of the primary carrier's object, the place and the name; never from a value. */
  id: string;
  identity: Identity;
  carriers: Carried[];
}

const KIND_ORDER: Record<Source["kind"], number> = { CronJob: 0, Job: 1, Pod: 2 };
const CONFIDENCE_ORDER: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };

/** The order in which classes name a credential and its next step: what stands in an object before what is only named there. */
const CLASS_ORDER: Record<ExposureClass, number> = {
  "literal-env": 0,
  "literal-args": 1,
  "literal-annotation": 2,
  "configmap-env": 3,
  "termination-message": 4,
  log: 5,
  "token-legacy": 6,
  "token-bound": 7,
  "secret-env": 8,
  "secret-volume": 9,
  "pull-secret": 10,
  "node-grant": 11,
};

/** Unites what all classes find into credentials, in the order of the evidence; carriers are sorted. */
export function credentials(context: ExposureContext): Credential[] {
  const all: Met[] = [];
  for (const rule of classes) for (const found of rule.find(context)) all.push({ rule, found, nth: all.length });
  const keyOf = keysOf(all.values().map(({ found }) => found.identity));
  const groups = new Map<string, Met[]>();
  for (const met of all) groups.getOrInsertComputed(keyOf(met.found.identity), () => []).push(met);
  for (const [key, carriers] of groups) {
    // A Secret stays a finding of its own where the text that equals it is ignored.
    const own = carriers.filter(isWritten);
    if (own.length === 0 || own.length === carriers.length || own.some(({ found }) => found.ignored === undefined))
      continue;
    groups.set(
      key,
      carriers.filter((one) => !isWritten(one)),
    );
    groups.set(`${key} ignored`, own);
  }
  const { earlier } = context.snapshot;
  const order = writtenFirst(earlier === null ? byRank : presentFirst(context, byRank));
  for (const carriers of groups.values()) if (carriers.length > 1) carriers.sort(order);
  if (earlier !== null) for (const [key, carriers] of groups) groups.set(key, versionsAsOne(carriers, context));
  const ids = idsOf([...groups.values()].map(([primary]) => primary!));
  return [...groups.values()].map((carriers) => ({
    id: ids.get(carriers[0]!)!,
    identity: bestIdentity(carriers),
    carriers,
  }));
}

/** Of one object that was read back in several versions, each place once: from the version that has had it longest. */
function versionsAsOne(carriers: Met[], { isEarlier }: ExposureContext): Met[] {
  const places = new Map<string, Met>();
  for (const one of carriers) {
    const { rule, found } = one;
    if (!isEarlier(found.source)) continue;
    const place = [found.source.meta.uid, rule.id, found.path].join("\n");
    const known = places.get(place);
    if (known === undefined || opensBefore(one, known)) places.set(place, one);
  }
  if (places.size === 0) return carriers;
  const kept = new Set(places.values());
  return carriers.filter((one) => !isEarlier(one.found.source) || kept.has(one));
}

function opensBefore({ found: { opening: a } }: Met, { found: { opening: b } }: Met): boolean {
  return (compareTimes(a.opens, b.opens) || Number(a.isBound) - Number(b.isBound) || compare(a.because, b.because)) < 0;
}

/** What is deleted comes last: nobody finds it any more by its name. */
function presentFirst<T extends Carried>({ isEarlier }: ExposureContext, rank: (a: T, b: T) => number) {
  return (a: T, b: T): number => Number(isEarlier(a.found.source)) - Number(isEarlier(b.found.source)) || rank(a, b);
}

/** A Secret that is only named comes after the text that equals its value. */
function writtenFirst<T extends Carried>(rank: (a: T, b: T) => number) {
  return (a: T, b: T): number => Number(isWritten(b)) - Number(isWritten(a)) || rank(a, b);
}

/** Where the credential stands as text, those carriers; what only names its Secret comes on top. Without any, all. */
export function ownCarriers<T extends Carried>(carriers: readonly T[]): readonly T[] {
  if (carriers.length === 0 || !isWritten(carriers[0]!) || isWritten(carriers.at(-1)!)) return carriers;
  return carriers.filter(isWritten);
}

/** True for a carrier in which the credential stands as text. */
export function isWritten({ rule }: Carried): boolean {
  return LITERAL_CLASSES.has(rule.id);
}

/** CronJob before Job before pod, then by class, age, uid and place. */
function byRank(a: Carried, b: Carried): number {
  const [x, y] = [a.found, b.found];
  return (
    KIND_ORDER[x.source.kind] - KIND_ORDER[y.source.kind] ||
    byCreation(x.source, y.source) ||
    compare(x.source.meta.uid, y.source.meta.uid) ||
    CLASS_ORDER[a.rule.id] - CLASS_ORDER[b.rule.id] ||
    compare(x.path, y.path) ||
    compare(x.identity.name, y.identity.name)
  );
}

function byCreation(a: Source, b: Source): number {
  const [x, y] = [a.meta.creationTimestamp, b.meta.creationTimestamp];
  return x === y ? 0 : x === null ? -1 : y === null ? 1 : compareTimes(x, y);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The primary carrier's name for it, with the surest verdict of all carriers; and the Secret that others of them name. */
function bestIdentity(carriers: readonly Carried[]): Identity {
  const primary = carriers[0]!.found.identity;
  let best = primary;
  for (const { found } of ownCarriers(carriers)) {
    if (CONFIDENCE_ORDER[found.identity.confidence] < CONFIDENCE_ORDER[best.confidence]) best = found.identity;
  }
  const own = best === primary ? primary : { ...best, name: primary.name };
  if (own.equals === undefined) return own;
  const named = carriers.map(({ found }) => found.identity).filter(({ ref }) => ref !== null);
  if (named.length === 0) return own;
  const { ref, serviceAccount } = named.reduce((a, b) => (b.key < a.key ? b : a));
  return { ...own, ref, serviceAccount: own.serviceAccount ?? serviceAccount };
}

/** Two credentials in one place (a command line) get a number, in the order in which the place lists them. */
function idsOf(primaries: readonly Met[]): Map<Met, string> {
  const ids = new Map<Met, string>();
  for (const [place, there] of Map.groupBy(primaries, ({ found }) => placeOf(found))) {
    const inOrder = there.length === 1 ? there : there.sort((a, b) => a.nth - b.nth);
    inOrder.forEach((one, i) => {
      ids.set(one, hash("sha256", i === 0 ? place : `${place}\n${String(i + 1)}`).slice(0, 16));
    });
  }
  return ids;
}

function placeOf({ source, field, identity }: Found): string {
  return [source.meta.uid, field, identity.name].join("\n");
}
