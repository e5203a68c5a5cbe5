import type { Found } from "../credentials/rule.ts";
import type { Confidence } from "../model/credential.ts";
import type { Json } from "../model/api.ts";
import type { Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { asObject, mapAt, objectAt, stringAt } from "./json.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { valuesIn } from "./own-rules.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** The API server takes no ConfigMap whose data are larger together (pkg/apis/core/validation: MaxSecretSize). */
const LARGEST_VALUE = 1 << 20;
const LARGEST_MANIFEST = 2 << 20;
const SURENESS: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };

type At = Pick<Place, "path" | "field">;

/**
 * Credentials in a ConfigMap's data, text among its binaryData, and the copy of both that `kubectl apply` keeps. Each
 * value is judged under the names by which workloads use its key, and under the key.
 */
export function configMapLiterals(raw: Json, context: ProjectionContext): Literal[] {
  const annotations = objectAt(objectAt(raw, "metadata"), "annotations");
  const applied = parsed(stringAt(annotations, LAST_APPLIED));
  const copy = `metadata.annotations[${LAST_APPLIED}]`;
  return [
    ...inData(raw, raw, (place) => ({ path: place, field: place }), context),
    ...inData(applied, raw, (place) => ({ path: `${copy}.${place}`, field: copy }), context),
  ];
}

function parsed(manifest: string | null): Json | null {
  if (manifest === null || manifest.length > LARGEST_MANIFEST) return null;
  try {
    return asObject(JSON.parse(manifest));
  } catch {
    return null;
  }
}

/** `of` is the object itself, which says what it is called whatever a copy says. */
function inData(holder: Json | null, of: Json, at: (place: string) => At, context: ProjectionContext): Literal[] {
  const meta = objectAt(of, "metadata");
  const [namespace, name] = [stringAt(meta, "namespace"), stringAt(meta, "name") ?? ""];
  const literals = (map: string, key: string, value: string): Literal[] => {
    // References have their keys as they are shown.
    const shown = context.mask.keep(key);
    const names = [...context.variables.of(namespace, name, shown), key];
    const place: Place = { place: "configmap", ...at(`${map}[${shown}]`), container: null };
    return literalsAt(underNames(names, value, context), place, context, { name: names[0] ?? key, text: value });
  };
  return [
    ...mapAt(holder, "data").flatMap(([key, value]) => literals("data", key, value)),
    ...mapAt(holder, "binaryData").flatMap(([key, encoded]) => {
      const value = textOf(encoded);
      return value === null ? [] : literals("binaryData", key, value);
    }),
  ];
}

/** What any of the names makes of the value; of one credential under several the surest verdict, and of those the first. */
function underNames(names: readonly string[], value: string, context: ProjectionContext): Found[] {
  const best = new Map<string, Found>();
  for (const name of names) {
    for (const found of valuesIn(name, value, context)) {
      const known = best.get(found.text);
      if (known === undefined || SURENESS[found.verdict.confidence] < SURENESS[known.verdict.confidence])
        best.set(found.text, found);
    }
  }
  return [...best.values()];
}

/** Base64 that holds text; keystores and archives give null. */
function textOf(encoded: string): string | null {
  if (encoded.length > (LARGEST_VALUE * 4) / 3 + 4) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text) ? null : text;
}
