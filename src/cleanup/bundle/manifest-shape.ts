import { asObject, integerAt, listAt, objectAt, stringAt, timeAt, valueAt } from "../../evidence/json.ts";
import type { BundleManifest } from "../../model/bundle.ts";
import { isSoundPath } from "./format.ts";

const HASH = /^[0-9a-f]{64}$/;

/** True for what has every field of a manifest that is read; what else stands there is covered by its hashes. */
export function isManifest(value: unknown): value is BundleManifest {
  const [head, tail] = [objectAt(value, "head"), objectAt(value, "tail")];
  return (
    stringAt(head, "kind") === "EvidenceBundle" &&
    integerAt(head, "formatVersion") !== null &&
    timeAt(head, "startedAt") !== null &&
    stringAt(objectAt(head, "tool"), "version") !== null &&
    stringAt(objectAt(head, "cluster"), "server") !== null &&
    objectAt(head, "operator") !== null &&
    timeAt(tail, "finishedAt") !== null &&
    listAt(tail, "missing").every((missing) => isRef(valueAt(missing, "object"))) &&
    Array.isArray(valueAt(tail, "missing")) &&
    Array.isArray(valueAt(tail, "gaps")) &&
    listAt(tail, "gaps").every((gap) => typeof gap === "string") &&
    HASH.test(stringAt(value, "seal") ?? "") &&
    Array.isArray(valueAt(value, "parts")) &&
    listAt(value, "parts").every(isPart)
  );
}

function isPart(part: unknown): boolean {
  const object = valueAt(part, "object");
  return (
    isSoundPath(stringAt(part, "path") ?? "") &&
    integerAt(part, "size") !== null &&
    HASH.test(stringAt(part, "sha256") ?? "") &&
    HASH.test(stringAt(part, "chain") ?? "") &&
    timeAt(part, "at") !== null &&
    (object === null || isRef(object))
  );
}

function isRef(value: unknown): boolean {
  const namespace = valueAt(asObject(value), "namespace");
  return (
    stringAt(value, "kind") !== null &&
    stringAt(value, "name") !== null &&
    (namespace === null || typeof namespace === "string")
  );
}
