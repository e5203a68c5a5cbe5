import type { Json } from "../model/api.ts";
import type { ProjectionContext } from "./context.ts";
import { asObject, objectAt, stringAt, valueBelow } from "./json.ts";

/** A field that a projection reads, and what has to stand there; a `?` at the end allows it to be absent. */
export type Expectation = `${string} ${"object" | "list" | "text"}${"" | "?"}`;

const POD_SPEC = ["containers list", "initContainers list?", "ephemeralContainers list?", "volumes list?"] as const;

/** What a pod spec at `path` has to look like. */
export function podSpecAt(path: string): Expectation[] {
  return [`${path} object`, ...POD_SPEC.map((field): Expectation => `${path}.${field}`)];
}

const METADATA: Expectation[] = [
  "metadata object",
  "metadata.name text",
  "metadata.managedFields list?",
  "metadata.annotations object?",
];

/** Notes every field that is missing or of another type: what would have stood there was not seen. */
export function noteUnreadable(kind: string, raw: Json, expected: Expectation[], context: ProjectionContext): void {
  const unreadable: string[] = [];
  const meta = objectAt(raw, "metadata");
  const namespace = stringAt(meta, "namespace");
  const name = [namespace, stringAt(meta, "name") ?? "?"].filter((part) => part !== null).join("/");
  for (const expectation of [...METADATA, ...expected]) {
    const [path = "", type = ""] = expectation.split(" ");
    if (unreadable.some((above) => path.startsWith(`${above}.`))) continue;
    const value = valueBelow(raw, ...path.split("."));
    const isAbsent = value === undefined || value === null;
    if (isAbsent ? type.endsWith("?") : hasType(value, type)) continue;
    unreadable.push(path);
    const why = `${path} ${isAbsent ? "is missing" : `is not ${nameOf(type)}`}`;
    const where = `${kind} ${context.mask.keep(name)}`;
    context.note(`${where}: ${why}, and was not read`);
    if (unreadable.length === 1) context.unread({ kind, namespace, why: `of ${where} ${why}` });
  }
}

function nameOf(type: string): string {
  if (type.startsWith("list")) return "a list of objects";
  return type.startsWith("text") ? "a text" : "an object";
}

function hasType(value: unknown, type: string): boolean {
  if (type.startsWith("list")) return Array.isArray(value) && value.every((item) => asObject(item) !== null);
  return type.startsWith("text") ? typeof value === "string" && value !== "" : asObject(value) !== null;
}
