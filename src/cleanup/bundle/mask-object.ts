import { classify } from "../../credentials/classify.ts";
import { looksRandom } from "../../credentials/characters.ts";
import { speakingName } from "../../credentials/speaking-name.ts";
import { asObject, objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Mask } from "../../evidence/mask.ts";
import type { Json } from "../../model/api.ts";
import { isOwnGroup, KEPT_ANNOTATIONS, KEPT_FIELDS, LABEL_FIELDS, TEXT_FIELDS, VALUE_FIELDS } from "./mask-fields.ts";
import { maskOutput, maskText, maskWhole } from "./mask-text.ts";
import type { Around, Names } from "./mask-text.ts";
import { recognisedBy } from "./recognised.ts";
import type { Recognised } from "./recognised.ts";

const DEEPEST = 64;
const LONGEST_KEPT = 512;
const LISTS = ["containers", "initContainers", "ephemeralContainers"];
/** What stays whatever it looks like: uids, times, digests and quantities. */
const EXACT =
  /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z|\d{1,20}([a-zA-Z]{1,2})?)$/;
const EXACT_FIELDS = /(^uid|resourceVersion|T(ime|imestamp)|^time|At|finalizers|succeeded|failed)$/;
/** Maps whose keys nobody restricts. */
const FREE_KEYS = new Set(["volumeAttributes", "options", "parameters"]);
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/**
 * A raw object with every text replaced by a keyed fingerprint that is not known to be a name, a time or another thing that the API
 * server restricts: what nobody recognised as a credential goes as well. Of kinds that Kubernetes does not define only the
 * metadata, the structure, and booleans stay. `known` are names of other objects, which its messages may show.
 */
export function maskObject(raw: Json, mask: Mask, known: Names = new Set()): Json {
  const recognised = recognisedBy(mask);
  const inObject = namesOf(raw, recognised);
  const names: Names = { has: (name) => inObject.has(name) || known.has(name) };
  const around: Around = { mask, names, credentials: ownCredentials(raw, mask) };
  const own = isOwnGroup(raw["apiVersion"]);
  const walker = new Walker(around);
  const entries = Object.entries(raw).map(([key, value]): [string, unknown] => {
    const isKnown = own || ["apiVersion", "kind", "metadata"].includes(key);
    return [walker.key(key, 0, isKnown), isKnown ? walker.value(key, value, [], 0) : walker.foreign(value, 0)];
  });
  return Object.fromEntries(entries);
}

/** Names that the object shows anyway, and may show in its texts. */
function namesOf(raw: Json, recognised: Recognised): Set<string> {
  const metadata = objectAt(raw, "metadata");
  const involved = objectAt(raw, "involvedObject");
  const owners = objectsAt(metadata, "ownerReferences").map(([owner]) => owner);
  const texts = [metadata, involved, ...owners].flatMap((part) =>
    ["name", "namespace", "uid"].map((key) => stringAt(part, key)),
  );
  const spec = podSpecOf(raw);
  const containers = LISTS.flatMap((list) => objectsAt(spec, list).map(([container]) => stringAt(container, "name")));
  const all = [...texts, ...containers, stringAt(spec, "nodeName")];
  return new Set(all.filter((name) => name !== null && recognised.inValue("", name).length === 0) as string[]);
}

function podSpecOf(raw: Json): Json | null {
  const spec = objectAt(raw, "spec");
  const job = objectAt(objectAt(spec, "jobTemplate"), "spec") ?? spec;
  return objectAt(objectAt(job, "template"), "spec") ?? job;
}

/** Values of its variables that are credentials: an object's messages and logs may repeat them. */
export function ownCredentials(raw: Json, mask: Mask): Set<string> {
  const spec = podSpecOf(raw);
  const found = LISTS.flatMap((list) => objectsAt(spec, list)).flatMap(([container]) =>
    objectsAt(container, "env").flatMap(([entry]) => {
      const value = stringAt(entry, "value");
      return value === null ? [] : recognisedBy(mask).inValue(stringAt(entry, "name") ?? "", value);
    }),
  );
  return new Set(found);
}

class Walker {
  readonly #around: Around;
  readonly #recognised: Recognised;

  constructor(around: Around) {
    this.#around = around;
    this.#recognised = recognisedBy(around.mask);
  }

  /** A key as it may be shown; `known` where Kubernetes defines it. */
  key(key: string, index: number, known: boolean): string {
    if (known && (IDENTIFIER.test(key) ? !looksRandom(key) : this.#isQualified(key))) return key;
    return speakingName(key) === key ? key : `#${String(index)}`;
  }

  value(key: string, value: unknown, parents: string[], depth: number): unknown {
    if (depth > DEEPEST) return null;
    if (typeof value === "string") return this.#text(key, value, parents);
    if (Array.isArray(value)) return this.#list(key, value as unknown[], parents, depth);
    const object = asObject(value);
    if (object === null) return value;
    if (key === "fieldsV1") return this.#fields(object, depth);
    if (parents.at(-1) === "env" || parents.at(-1) === "httpHeaders") return this.#entry(object, parents, depth);
    return Object.fromEntries(
      Object.entries(object).map(([name, child], i) => [
        this.key(name, i, !FREE_KEYS.has(key)),
        this.value(name, child, [...parents, key], depth + 1),
      ]),
    );
  }

  /** Of a kind that only its own controller knows. */
  foreign(value: unknown, depth: number): unknown {
    if (depth > DEEPEST) return null;
    if (typeof value === "string" || typeof value === "number") return this.#whole("", String(value));
    if (Array.isArray(value)) return value.map((item) => this.foreign(item, depth + 1));
    const object = asObject(value);
    if (object === null) return value;
    return Object.fromEntries(
      Object.entries(object).map(([name, child], i) => [this.key(name, i, false), this.foreign(child, depth + 1)]),
    );
  }

  #list(key: string, list: unknown[], parents: string[], depth: number): unknown[] {
    if ((key === "command" || key === "args") && list.every((word) => typeof word === "string")) {
      return this.#command(list);
    }
    return list.map((item) =>
      typeof item === "string" ? this.#text(key, item, parents) : this.value("", item, [...parents, key], depth + 1),
    );
  }

  /** Arguments are read together, so that `--password` says what the next one is. */
  #command(words: string[]): string[] {
    const found = this.#recognised.inCommand(words);
    return words.map((word, i) => {
      const texts = found[i] ?? [];
      // What is written in another form, such as base64, is nowhere in the word.
      if (texts.some((text) => !word.includes(text))) return this.#whole("", word);
      return maskText(word, { ...this.#around, credentials: [...texts, ...this.#around.credentials] });
    });
  }

  #entry(entry: Json, parents: string[], depth: number): Json {
    const name = stringAt(entry, "name") ?? "";
    return Object.fromEntries(
      Object.entries(entry).map(([key, child]) => [
        key,
        key === "value" && typeof child === "string"
          ? this.#whole(name, child)
          : this.value(key, child, [...parents, ""], depth + 1),
      ]),
    );
  }

  #text(key: string, text: string, parents: string[]): string {
    const parent = parents.at(-1) ?? "";
    if (parent === "annotations") return KEPT_ANNOTATIONS.has(key) ? this.#kept(key, text) : this.#whole(key, text);
    if (VALUE_FIELDS.has(parent)) return this.#whole(key, text);
    if (LABEL_FIELDS.has(parent)) {
      return LABEL.test(text) && (EXACT.test(text) || classify(key, text) === null) ? text : this.#whole(key, text);
    }
    if (key === "message") return maskOutput(text, this.#around);
    if (TEXT_FIELDS.has(key)) {
      const found = this.#recognised.inValue(key, text);
      return maskText(text, { ...this.#around, credentials: [...found, ...this.#around.credentials] });
    }
    return KEPT_FIELDS.has(key) || isQuantity(parents) ? this.#kept(key, text) : this.#whole(key, text);
  }

  #kept(key: string, text: string): string {
    if (EXACT_FIELDS.test(key) && EXACT.test(text)) return text;
    return this.#isHarmless(text) ? text : this.#whole(key, text);
  }

  #whole(name: string, text: string): string {
    return maskWhole(name, text, this.#around.mask);
  }

  /** managedFields: names of fields and of list entries, and values of sets (`v:`), which are masked. */
  #fields(fields: Json, depth: number): Json {
    if (depth > DEEPEST) return {};
    return Object.fromEntries(
      Object.entries(fields).map(([key, child]) => {
        const below = asObject(child);
        const isName =
          key === "." || ((key.startsWith("f:") || key.startsWith("k:")) && this.#isHarmless(key.slice(2)));
        const shown = isName ? key : `${key.slice(0, 2)}${this.#whole("", key.slice(2))}`;
        return [shown, below === null ? {} : this.#fields(below, depth + 1)];
      }),
    );
  }

  /** A key of a label, an annotation, a resource or a ConfigMap: shown unless it may be a credential. */
  #isQualified(key: string): boolean {
    if (!/^[-A-Za-z0-9._/]{1,317}$/.test(key) || key.split(/[-._/]/).some(looksRandom)) return false;
    return this.#isHarmless(key);
  }

  #isHarmless(text: string): boolean {
    return text.length <= LONGEST_KEPT && this.#recognised.inValue("", text).length === 0;
  }
}

/** `resources.limits` and the like, whose keys are names of resources. */
function isQuantity(parents: string[]): boolean {
  return ["limits", "requests", "capacity", "hard", "used", "allocatedResources"].includes(parents.at(-1) ?? "");
}

/** metadata.ownerReferences, as they stand there. */
export function ownersOf(raw: Json): Json[] {
  return objectsAt(objectAt(raw, "metadata"), "ownerReferences").map(([owner]) => owner);
}
