import type { Canary } from "../lab/stage.ts";

/**
 * The places of a JSON value that hold the canary, as `spec.containers[0].env[0].value`: a text that is it, or one of whose
 * words or settings (`NAME=VALUE`) is, in plain text or base64.
 */
export function* holdsCanary(canary: Canary, value: unknown, place = ""): Generator<string, void, undefined> {
  if (typeof value === "string") {
    if (partsOf(value).some((part) => canary.is(part) || canary.is(decoded(part)))) yield place;
  } else if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) yield* holdsCanary(canary, part, `${place}[${String(index)}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      yield* holdsCanary(canary, part, place === "" ? key : `${place}.${key}`);
    }
  }
}

/** Also what an annotation has in JSON, such as the last applied configuration, falls apart into its values. */
function partsOf(text: string): string[] {
  return [text, ...text.split(/[\s="',:;{}[\]\\]+/)];
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
