import { blindSpotShape, metadataShape } from "../../evidence/model-shapes.ts";
import { boolean, integer, list, nullable, oneOf, string, time, type Shape } from "../../evidence/shape.ts";

const LONGEST = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
/** Seconds, or a number of things: what is negative, or beyond what a clock can count, is none. */
const count: Shape = (value) => integer(value) && (value as number) >= 0 && (value as number) <= LONGEST;

/** Tells an object with these fields; others may stand there. */
export function having(fields: Record<string, Shape>): Shape {
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(fields).every(
      ([key, shape]) => Object.hasOwn(value, key) && shape((value as Record<string, unknown>)[key]),
    );
}

const ref = having({ kind: string, namespace: nullable(string), name: string, uid: string });
const anyRef = having({ kind: string, namespace: nullable(string), name: string, uid: nullable(string) });
const resource = having({ group: string, version: string, resource: string });
const dependent = having({
  object: ref,
  resource,
  owner: string,
  needsChoice: boolean,
  shared: boolean,
  finalizers: list(string),
});

/** An item of a plan, as far as its deletion reads it. */
export const itemShape = having({
  object: ref,
  resource,
  resourceVersion: string,
  owner: nullable(anyRef),
  decision: oneOf("delete", "choose", "refuse"),
  dependents: list(dependent),
});

const way = oneOf("suspend", "ttl", "history-limit", "delete-token");
const also: Shape = (value) =>
  having({ way })(value) &&
  ((value as { way: string }).way !== "ttl" || having({ seconds: count })(value)) &&
  ((value as { way: string }).way !== "history-limit" || having({ limit: count })(value));

const patch = nullable(having({ spec: having({}) }));

/** What a change and another way have alike: an object as it was judged, and what would be made of it. */
const proposal = {
  object: anyRef,
  resource,
  resourceVersion: nullable(string),
  because: string,
  patch,
  diff: list(string),
};

/** A change of a plan; its patch is not read, but judged again. */
export const changeShape = having({
  way,
  ...proposal,
  takes: list(ref),
  items: list(string),
  decision: oneOf("change", "refuse"),
  refusedBecause: nullable(string),
});

const rules = having({
  olderThanSeconds: nullable(count),
  states: list(string),
  named: list(having({ kind: string, namespace: nullable(string), name: string })),
  namespaces: list(string),
  stopRunning: boolean,
  yesUnseen: boolean,
  include: list(string),
  cascade: oneOf("background", "foreground"),
  by: oneOf("request", "ttl"),
  also: list(also),
});

const rotation = having({
  id: string,
  name: string,
  kind: string,
  ref: nullable(having({ namespace: string, name: string, key: nullable(string) })),
  since: time,
  readers: nullable(count),
  everyone: boolean,
});

const otherWay = having({
  way: oneOf("suspend", "ttl", "delete-token"),
  ...proposal,
  command: string,
  items: count,
});

/** What is read of a plan besides its items, and all that the result takes over from it. */
const HEAD = {
  apiVersion: oneOf("cronaudit/v1"),
  kind: oneOf("CleanupPlan"),
  metadata: metadataShape,
  complete: boolean,
  blindSpots: list(blindSpotShape),
  notes: list(string),
  summary: having({
    rotate: list(rotation),
    notEnded: list(string),
    otherWays: list(otherWay),
  }),
  rules,
  changes: list(changeShape),
};

/** A plan without its items, as a journal begins with it. */
export const headShape = having(HEAD);

const ends = having({ ends: having({ exposures: list(string) }) });

/** A plan in a file. */
export const planShape = having({ ...HEAD, items: list((value) => itemShape(value) && ends(value)) });
