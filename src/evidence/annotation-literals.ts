import type { Json } from "../model/api.ts";
import type { Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { mapAt, objectAt, valueBelow } from "./json.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { manifestLiterals } from "./manifest-literals.ts";
import { valuesIn } from "./own-rules.ts";

const LARGEST_MANIFEST = 2 << 20;

/** Credentials in the annotations of an object and of the templates it carries; each has its own field. */
export function annotationLiterals(raw: Json, context: ProjectionContext): Literal[] {
  return [
    ...inAnnotations(raw, "metadata.annotations", "metadata.annotations", context),
    ...inTemplate(raw, ["spec", "template"], "template", context),
    ...inTemplate(raw, ["spec", "jobTemplate"], "jobTemplate", context),
    ...inTemplate(raw, ["spec", "jobTemplate", "spec", "template"], "template", context),
  ];
}

function inTemplate(raw: Json, keys: string[], field: string, context: ProjectionContext): Literal[] {
  const template = valueBelow(raw, ...keys) as Json | undefined;
  const path = `${keys.join(".")}.metadata.annotations`;
  return inAnnotations(template ?? null, path, `${field}.metadata.annotations`, context);
}

function inAnnotations(raw: Json | null, path: string, field: string, context: ProjectionContext): Literal[] {
  return mapAt(objectAt(raw, "metadata"), "annotations").flatMap(([key, value]) => {
    const shown = context.mask.keep(key);
    const at = { path: `${path}[${shown}]`, field: `${field}[${shown}]` };
    const manifest = parsedManifest(value);
    if (manifest !== null) return manifestLiterals(manifest, at, context);
    const place: Place = { place: "annotation", ...at, container: null };
    return literalsAt(valuesIn(key, value, context), place, context, { name: key, text: value });
  });
}

/** An annotation that holds a whole object, as kubectl.kubernetes.io/last-applied-configuration does. */
function parsedManifest(value: string): Json | null {
  if (!value.trimStart().startsWith("{") || value.length > LARGEST_MANIFEST) return null;
  try {
    const parsed = JSON.parse(value) as Json;
    return typeof parsed["kind"] === "string" ? parsed : null;
  } catch {
    return null;
  }
}
