import type { DatedLiteral, Ignored, Literal, SecretEquality, SecretKey } from "../model/workload.ts";
import { boolean, integer, list, nullable, object, oneOf, optional, string, time } from "./shape.ts";

const ofLiteral = {
  kind: string,
  confidence: oneOf("certain", "likely", "possible"),
  because: string,
  place: oneOf("env", "args", "annotation", "termination-message", "configmap", "log"),
  path: string,
  field: string,
  name: string,
  container: nullable(string),
  fingerprint: string,
  ignored: optional(
    object<Ignored>({
      by: oneOf("file", "annotation"),
      entries: list(string),
      reason: nullable(string),
      confirmed: boolean,
    }),
  ),
  equals: optional(
    object<SecretEquality>({
      secrets: list(
        object<SecretKey>({ namespace: string, name: string, key: string, fills: oneOf("secret", "key", "part") }),
      ),
      more: integer,
    }),
  ),
};
/** A literal as a snapshot file has it. */
export const literal = object<Literal>(ofLiteral);
/** The same with its time. */
export const datedLiteral = object<DatedLiteral>({ ...ofLiteral, at: nullable(time) });
