import type { Json } from "../model/api.ts";
import type { HeldField } from "../model/hold.ts";
import { HOLD_MANAGER } from "../model/managers.ts";

const RELEASE = "kubectl-cronaudit-release-";

/** Where the API server puts together the oldest of more than ten managers (apimachinery managedfields capmanagers.go). */
const ANCIENT = "ancient-changes";

interface Entry {
  manager: string;
  fieldsV1: Json;
}

/** The field manager of one patch: a name of its own, so that managedFields tell it from every other, of other holds as well. */
export function managerOf(action: "hold" | "release", id: string): string {
  return `${action === "hold" ? HOLD_MANAGER : RELEASE}${id.slice(0, 8)}`;
}

/** True for the field manager of somebody's hold. */
export function isHold(manager: string): boolean {
  return manager.startsWith(HOLD_MANAGER);
}

/** True where an entry of the object's managedFields is of that manager, and owns a field still. */
export function isNamed(manager: string, raw: Json): boolean {
  return entriesOf(raw).some((one) => one.manager === manager);
}

/** True where a manager that set a field to a value would be named: the object has managedFields, and none were put together. */
export function namesManagers(raw: Json): boolean {
  const entries = entriesOf(raw);
  return entries.length > 0 && entries.every(({ manager }) => manager !== ANCIENT);
}

/** Whose a field of spec is; null where the object does not say, as for a field that is absent. */
export type FieldOwners = (field: HeldField) => readonly string[] | null;

/** The owners of fields by the object's managedFields. */
export function fieldOwners(raw: Json): FieldOwners {
  if (!namesManagers(raw)) return () => null;
  const entries = entriesOf(raw);
  return (field) => {
    const owners = entries.filter(({ fieldsV1 }) => {
      const spec = fieldsV1["f:spec"];
      return typeof spec === "object" && spec !== null && `f:${field}` in spec;
    });
    return owners.length === 0 ? null : owners.map(({ manager }) => manager);
  };
}

function entriesOf(raw: Json): Entry[] {
  const meta = raw["metadata"] as { managedFields?: unknown } | null | undefined;
  const all = Array.isArray(meta?.managedFields) ? (meta.managedFields as unknown[]) : [];
  return all.flatMap((one) => {
    const { manager, fieldsV1 } = (one ?? {}) as Partial<Entry>;
    return typeof manager === "string" && typeof fieldsV1 === "object" ? [{ manager, fieldsV1: fieldsV1 ?? {} }] : [];
  });
}
