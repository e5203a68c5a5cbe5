import { objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";

/** The objects of a list. */
export function itemsOf(list: Json): Json[] {
  return objectsAt(list, "items").map(([item]) => item);
}

/** metadata.name, or an empty text. */
export function nameOf(object: Json): string {
  return stringAt(objectAt(object, "metadata"), "name") ?? "";
}

/** metadata.uid, or an empty text. */
export function uidOf(object: Json): string {
  return stringAt(objectAt(object, "metadata"), "uid") ?? "";
}

/** Every text in a JSON value, however deep, without the keys. */
export function* textsIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const part of Object.values(value)) yield* textsIn(part);
}
