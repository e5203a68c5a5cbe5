import type { Float } from "./nodes.ts";

/** Stands for a null that a range is at: kubectl then has no value at all. */
export const nothing = Symbol("no value");

/** True for a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** True for a map; a float of a template is none. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value) && !isFloat(value);
}

const floats = new WeakSet<object>();

/** Marks a float, so that no map of a document is taken for one. */
export function markFloat(float: Float): Float {
  floats.add(float);
  return float;
}

/** True for a number that a template writes with a fraction. */
export function isFloat(value: unknown): value is Float {
  return typeof value === "object" && value !== null && floats.has(value);
}

/** A map's value by its name; undefined where it has none, or the value is no map. */
export function fieldOf(value: unknown, name: string): unknown {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/**
 * What a value holds, in its order. A text holds the bytes of its UTF-8, as numbers: in Go it is a list of them. They are
 * bigints here, because Go takes them for unsigned.
 */
export function childrenOf(value: unknown): unknown[] {
  if (isList(value)) return [...value];
  if (typeof value === "string") return [...Buffer.from(value)].map(BigInt);
  return isMap(value) ? Object.values(value).filter((child) => child !== undefined) : [];
}

/** A value's type as Go calls it, for messages. */
export function typeName(value: unknown): string {
  if (value === nothing || value === null) return "<nil>";
  if (isMap(value)) return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}
