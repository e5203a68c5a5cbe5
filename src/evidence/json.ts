import type { Json } from "../model/api.ts";
import type { Time } from "../model/object.ts";

/** Readers of untyped JSON: whatever stands there, each gives a value of its type and throws never. */

export function objectAt(json: unknown, key: string): Json | null {
  return asObject(valueAt(json, key));
}

export function asObject(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** A property of the object itself, so that `constructor` or `__proto__` in hostile JSON mean nothing. */
export function valueAt(json: unknown, key: string): unknown {
  const object = asObject(json);
  return object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value below a chain of keys, or undefined where the chain breaks. */
export function valueBelow(json: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((value, key) => valueAt(value, key), json);
}

export function listAt(json: unknown, key: string): unknown[] {
  const value = valueAt(json, key);
  return Array.isArray(value) ? value : [];
}

/** The objects of a list with their indexes; other elements are passed over. */
export function objectsAt(json: unknown, key: string): [Json, number][] {
  return listAt(json, key).flatMap((value, index): [Json, number][] => {
    const object = asObject(value);
    return object === null ? [] : [[object, index]];
  });
}

export function stringsAt(json: unknown, key: string): string[] {
  return listAt(json, key).filter((value) => typeof value === "string");
}

/** A string that is not empty, or null. */
export function stringAt(json: unknown, key: string): string | null {
  const value = valueAt(json, key);
  return typeof value === "string" && value !== "" ? value : null;
}

export function integerAt(json: unknown, key: string): number | null {
  const value = valueAt(json, key);
  return Number.isSafeInteger(value) ? (value as number) : null;
}

export function booleanAt(json: unknown, key: string): boolean | null {
  const value = valueAt(json, key);
  return typeof value === "boolean" ? value : null;
}

/** String values of a map, in the order of their keys. */
export function mapAt(json: unknown, key: string): [string, string][] {
  return Object.entries(objectAt(json, key) ?? {})
    .filter((entry): entry is [string, string] => typeof entry[1] === "string")
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

const AS_SERVED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** An RFC 3339 time in UTC as the API server writes it; other offsets are converted, anything else is null. */
export function timeAt(json: unknown, key: string): Time | null {
  const value = valueAt(json, key);
  if (typeof value !== "string" || value.length > 64 || !/^\d{4}-\d\d-\d\dT/.test(value)) return null;
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return null;
  return AS_SERVED.test(value) ? value : new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
