import { boolean, integer, list, nullable, oneOf, string, type Shape } from "../../evidence/shape.ts";

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
  ((value as { way: string }).way !== "ttl" || having({ seconds: integer })(value)) &&
  ((value as { way: string }).way !== "history-limit" || having({ limit: integer })(value));

/** A change of a plan; its patch is not read, but judged again. */
export const changeShape = having({
  way,
  object: anyRef,
  resource,
  patch: nullable(having({ spec: having({}) })),
  diff: list(string),
  takes: list(ref),
  items: list(string),
  decision: oneOf("change", "refuse"),
  refusedBecause: nullable(string),
});

const rules = having({
  olderThanSeconds: nullable(integer),
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

const HEAD = {
  apiVersion: oneOf("cronaudit/v1"),
  kind: oneOf("CleanupPlan"),
  metadata: having({
    takenAt: string,
    user: nullable(string),
    cluster: having({ server: string, uid: nullable(string) }),
  }),
  complete: boolean,
  blindSpots: list(having({ resource: string })),
  notes: list(string),
  summary: having({
    rotate: list(having({ id: string, name: string })),
    notEnded: list(string),
    otherWays: list(having({ way, object: anyRef, command: string })),
  }),
  rules,
  changes: list(changeShape),
};

/** A plan without its items, as a journal begins with it. */
export const headShape = having(HEAD);

const ends = having({ ends: having({ exposures: list(string) }) });

/** A plan in a file. */
export const planShape = having({ ...HEAD, items: list((value) => itemShape(value) && ends(value)) });
