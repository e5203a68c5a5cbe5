import type { FieldManager, ObjectMeta, Time } from "../model/object.ts";
import type { Grant } from "./compile.ts";

/**
 * The latest moment at which a grant can have begun: the latest of the creation of binding and role and of the
 * managedFields times that own subjects or rules. Null where one of the objects carries no creation time, as in a manifest.
 * RBAC keeps no history, so an edit that left this rule alone moves it forward as well: it is a bound.
 */
export function provedSince({ binding, rule }: Grant): Time | null {
  const role = binding.role!.role;
  const parts = [since(binding.source.meta, "subjects"), since(role.meta, "rules")];
  if (rule.role !== role) parts.push(since(rule.role.meta, "rules"));
  return parts.reduce((a, b) => (a === null || b === null ? null : later(a, b)));
}

function since(meta: ObjectMeta, field: string): Time | null {
  if (meta.creationTimestamp === null) return null;
  return meta.managedFields
    .filter((entry) => owns(entry, field))
    .reduce((latest, entry) => (entry.time === null ? latest : later(latest, entry.time)), meta.creationTimestamp);
}

function owns(entry: FieldManager, field: string): boolean {
  return entry.fields.some((path) => path === field || path.startsWith(`${field}[`) || path.startsWith(`${field}.`));
}

/** API times are in UTC and of one length, so they order as text. */
function later(a: Time, b: Time): Time {
  return a < b ? b : a;
}

/** The earliest of several proofs for one subject; an undated one neither helps nor hurts. */
export function earliest(times: readonly (Time | null)[]): Time | null {
  return times.reduce((best, time) => (best === null || (time !== null && time < best) ? time : best), null);
}
