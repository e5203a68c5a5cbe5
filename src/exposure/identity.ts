import { hash } from "node:crypto";
import type { Confidence } from "../model/credential.ts";
import type { ExposureClass } from "../model/report.ts";
import { classes } from "./classes/index.generated.ts";
import type { ExposureClassRule, Found, Identity, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { compareTimes } from "./windows.ts";

/** One finding with the class that made it. */
export interface Carried {
  rule: ExposureClassRule;
  found: Found;
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
  "token-legacy": 3,
  "token-bound": 4,
  "secret-env": 5,
  "secret-volume": 6,
  "node-grant": 7,
};

/** Unites what all classes find into credentials, in the order of the evidence; carriers are sorted. */
export function credentials(context: ExposureContext): Credential[] {
  const groups = new Map<string, Carried[]>();
  for (const rule of classes) {
    for (const found of rule.find(context)) {
      const group = groups.get(found.identity.key);
      if (group === undefined) groups.set(found.identity.key, [{ rule, found }]);
      else group.push({ rule, found });
    }
  }
  const taken = new Map<string, number>();
  return [...groups.values()]
    .map((carriers) => (carriers.length === 1 ? carriers : carriers.sort(byRank)))
    .map((carriers) => ({ id: idOf(carriers[0]!.found, taken), identity: bestIdentity(carriers), carriers }));
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

/** The primary carrier's name for it, with the surest verdict of all carriers. */
function bestIdentity(carriers: readonly Carried[]): Identity {
  const primary = carriers[0]!.found.identity;
  let best = primary;
  for (const { found } of carriers) {
    if (CONFIDENCE_ORDER[found.identity.confidence] < CONFIDENCE_ORDER[best.confidence]) best = found.identity;
  }
  return best === primary ? primary : { ...best, name: primary.name };
}

/** Two credentials in one place (a command line) get a number, in the order in which the place lists them. */
function idOf({ source, field, identity }: Found, taken: Map<string, number>): string {
  const place = [source.meta.uid, field, identity.name].join("\n");
  const nth = (taken.get(place) ?? 0) + 1;
  taken.set(place, nth);
  return hash("sha256", nth === 1 ? place : `${place}\n${String(nth)}`).slice(0, 16);
}
