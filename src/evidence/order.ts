import type { ObjectMeta } from "../model/object.ts";

/** The order of a snapshot's lists: namespace (cluster-scoped first), name, uid, by code unit, whatever the locale. */
export function byName(a: { meta: ObjectMeta }, b: { meta: ObjectMeta }): number {
  return (
    compare(a.meta.namespace ?? "", b.meta.namespace ?? "") ||
    compare(a.meta.name, b.meta.name) ||
    compare(a.meta.uid, b.meta.uid)
  );
}

/** Compares by code unit, as a sort that must not depend on the machine has to. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
