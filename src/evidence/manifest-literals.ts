import { classify } from "../credentials/classify.ts";
import { isPlaceholder } from "../credentials/placeholder.ts";
import { speakingName } from "../credentials/speaking-name.ts";
import type { Json } from "../model/api.ts";
import type { Literal } from "../model/workload.ts";
import { containerLiterals } from "./container-literals.ts";
import type { ProjectionContext } from "./context.ts";
import { asObject, mapAt, stringAt } from "./json.ts";
import { literalsAt } from "./literals.ts";
import type { Place } from "./literals.ts";
import { valuesIn } from "./own-rules.ts";
import { containersOf } from "./pod-template.ts";

const DEEPEST = 48;
const MOST_NODES = 100_000;
const LISTS = ["containers", "initContainers", "ephemeralContainers"];
/** What names things and holds nothing; `annotations` of a nested manifest are searched like any other value. */
const SKIPPED = new Set(["apiVersion", "kind", "labels", "managedFields"]);

const UNNAMED = "value";

type At = Pick<Place, "path" | "field">;

/**
 * Credentials in a whole manifest that stands in an annotation; each path goes on from the annotation into the manifest. Its keys
 * are part of a value: a path shows those that are made of known words, and of the others their number.
 */
export function manifestLiterals(manifest: Json, at: At, context: ProjectionContext): Literal[] {
  const literals: Literal[] = [];
  let nodes = 0;
  const visit = (node: unknown, name: string, path: string, depth: number): void => {
    if (++nodes > MOST_NODES || depth > DEEPEST) return;
    if (typeof node === "string") literals.push(...leaf(name, node, { ...at, path }, context));
    else if (Array.isArray(node)) node.forEach((item, i) => visit(item, name, `${path}[${String(i)}]`, depth + 1));
    const object = asObject(node);
    if (object === null) return;
    const isPodSpec = LISTS.some((list) => Array.isArray(object[list]));
    if (isPodSpec) {
      for (const container of containersOf(object, path)) {
        const found = containerLiterals(container, context);
        literals.push(...found.map((literal): Literal => ({ ...literal, place: "annotation", field: at.field })));
      }
    }
    const isSecret = object["kind"] === "Secret";
    if (isSecret) literals.push(...secretData(object, { ...at, path }, context));
    for (const [index, [key, child]] of Object.entries(object).entries()) {
      if (SKIPPED.has(key) || (isPodSpec && LISTS.includes(key))) continue;
      if (isSecret && (key === "data" || key === "stringData")) continue;
      visit(child, key, path + (speakingName(key) === key ? `.${key}` : `[#${String(index)}]`), depth + 1);
    }
  };
  visit(manifest, "", at.path, 0);
  return literals;
}

function leaf(name: string, value: string, at: At, context: ProjectionContext): Literal[] {
  const spoken = (called: string): string => speakingName(called) ?? context.own.values?.spoken(called) ?? UNNAMED;
  const found = valuesIn(name, value, context).map((item) => ({
    ...item,
    name: spoken(item.name),
    written: item.written ?? item.name,
  }));
  const searched = { name: speakingName(name) ?? UNNAMED, text: value };
  return literalsAt(found, { place: "annotation", ...at, container: null }, context, searched);
}

/** What the API server takes as the name of a Secret or of a key in it (apimachinery pkg/util/validation). */
const VALID_NAME = /^[-._a-zA-Z0-9]{1,253}$/;

/** Every value of a Secret's data is taken for a credential, whatever its key says. */
function secretData(secret: Json, at: At, context: ProjectionContext): Literal[] {
  const valid = (name: string): string => (VALID_NAME.test(name) ? name : "");
  const name = valid(stringAt(asObject(secret["metadata"]), "name") ?? "");
  return ["data", "stringData"].flatMap((list) =>
    mapAt(secret, list).flatMap(([given, written]) => {
      const key = valid(given);
      const text = (list === "data" ? Buffer.from(written, "base64").toString("utf8") : written).trim();
      if (isPlaceholder(text)) return [];
      const kind = classify(key, text)?.kind ?? "secret-key";
      const verdict = { kind, confidence: "certain", because: "is a value of a Secret's manifest" } as const;
      const place: Place = {
        place: "annotation",
        field: at.field,
        path: `${at.path}.${list}[${context.mask.keep(key)}]`,
        container: null,
      };
      return literalsAt([{ name: `${name}/${key}`, verdict, text }], place, context);
    }),
  );
}
