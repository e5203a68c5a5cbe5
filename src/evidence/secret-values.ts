import { randomInt } from "node:crypto";
import type { Json } from "../model/api.ts";
import type { CredentialKind } from "../model/credential.ts";
import type { SecretComparison } from "../model/snapshot.ts";
import type { SecretEquality, SecretKey } from "../model/workload.ts";
import { mapAt, objectAt, stringAt } from "./json.ts";
import type { Mask } from "./mask.ts";
import { compare } from "./order.ts";
import { LEFT, LONGEST, SHORTEST, judgeSecretValue } from "./secret-parts.ts";
import type { Judged, Part } from "./secret-parts.ts";

/** What a text has in common with Secrets. */
export interface SecretMatch {
  /** Of the credential itself, whatever the text wraps it in. */
  fingerprint: string;
  kind: CredentialKind;
  /** Whether the equality is enough to tell a credential; otherwise name or form have to say so, too. */
  telling: boolean;
  equals: SecretEquality;
  /** The equality in words: `equals Secret database/db-credentials key password`. */
  because: string;
}

interface Held extends SecretKey {
  /** Whether the credential is all of the value, and not one of the texts in it. */
  exact: boolean;
}

interface Entry extends Pick<SecretMatch, "kind" | "telling"> {
  keys: Held[];
  /** Made of `keys`, once asked for. */
  said: Pick<SecretMatch, "equals" | "because"> | null;
}

interface Count {
  secrets: number;
  values: number;
  left: Map<string, number>;
}

const MOST_NAMED = 10;
const RELEASE_TYPE = "helm.sh/release.v1";
const LONGEST_ENCODED = 128 * 1024;
const ENCODED = /^[A-Za-z0-9+/_-]{8,}={0,2}$/;

/** What the API server takes as the name of a Secret or of a key in it (apimachinery pkg/util/validation). */
const VALID_NAME = /^[-._a-zA-Z0-9]{1,253}$/;

/** The values of Secrets, by keyed fingerprints alone, while one snapshot is made; of each the Secrets that hold it. */
export class SecretValues {
  readonly #mask: Mask;
  readonly #entries = new Map<string, Entry>();
  /** Of a value that holds one credential, and more text around it: the credential's fingerprint by the value's. */
  readonly #wholes = new Map<string, string>();
  /** 32 bits of everything that was learned, so that few other texts take the long way of a fingerprint. */
  readonly #sketches = new Set<number>();
  readonly #seed = randomInt(2 ** 32);
  readonly #counts = new Map<string, Count>();

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  /** Takes in the values of a Secret as the API gives it; they are hashed and let go here. */
  learn(raw: Json): void {
    const meta = objectAt(raw, "metadata");
    const namespace = stringAt(meta, "namespace") ?? "";
    const name = stringAt(meta, "name") ?? "";
    const count = this.#countOf(namespace);
    count.secrets += 1;
    const type = stringAt(raw, "type");
    const isValid = (key: string): boolean => [namespace, name, key].every((one) => VALID_NAME.test(one));
    const values = valuesOf(raw).map(([key, encoded]): [string, Judged] => [
      key,
      type === RELEASE_TYPE ? "release" : isValid(key) ? judgeSecretValue(type, key, encoded) : "none",
    ]);
    const credentials = new Set<string>();
    let unknown = false;
    for (const [, judged] of values) {
      if (typeof judged === "string") unknown ||= judged !== "none" && judged !== "release";
      else for (const { text } of judged.parts) credentials.add(text);
    }
    const isOne = credentials.size === 1 && !unknown;
    for (const [key, judged] of values) {
      if (typeof judged === "string") {
        count.left.set(LEFT[judged], (count.left.get(LEFT[judged]) ?? 0) + 1);
        continue;
      }
      count.values += 1;
      const fills = isOne ? "secret" : judged.parts.length === 1 ? "key" : "part";
      const exact = judged.parts.length === 1 && judged.whole === null;
      for (const part of judged.parts) this.#add(part, { namespace, name, key: this.#mask.keep(key), fills, exact });
      if (judged.whole !== null) this.#addWhole(judged.whole, judged.parts[0]!.text);
    }
  }

  /** Counts Secrets that were not read, because what they hold is no credential. */
  leaveOut(namespace: string, secrets: number): void {
    const { left } = this.#countOf(namespace);
    left.set(LEFT.release, (left.get(LEFT.release) ?? 0) + secrets);
  }

  /** Drops what was learned of a namespace, or (null) of all, for a list that begins again. */
  forget(namespace: string | null): void {
    for (const known of [...this.#counts.keys()]) {
      if (namespace === null || known === namespace) this.#counts.delete(known);
    }
    for (const [fingerprint, entry] of this.#entries) {
      entry.keys = namespace === null ? [] : entry.keys.filter((key) => key.namespace !== namespace);
      entry.said = null;
      if (entry.keys.length === 0) this.#entries.delete(fingerprint);
    }
  }

  /** The Secrets that hold this text, white space around it and base64 taken off; null where none does. */
  match(written: string): SecretMatch | null {
    const text = written.trim();
    return this.#of(text) ?? this.#ofEncoded(text);
  }

  /** What was compared so far. */
  result(): SecretComparison {
    const left = new Map<string, number>();
    let [secrets, values] = [0, 0];
    for (const count of this.#counts.values()) {
      secrets += count.secrets;
      values += count.values;
      for (const [reason, many] of count.left) left.set(reason, (left.get(reason) ?? 0) + many);
    }
    const sorted = [...left].sort(([a], [b]) => compare(a, b)).map(([reason, many]) => ({ reason, values: many }));
    return { secrets, values, left: sorted };
  }

  #countOf(namespace: string): Count {
    return this.#counts.getOrInsertComputed(namespace, () => ({ secrets: 0, values: 0, left: new Map() }));
  }

  #add({ text, kind, telling }: Part, key: Held): void {
    this.#sketches.add(this.#sketch(text));
    const fingerprint = this.#mask.fingerprint(text);
    const entry = this.#entries.getOrInsertComputed(fingerprint, () => ({ kind, telling, keys: [], said: null }));
    // Secrets come in any order: what one of them says for it counts, and of two kinds the first by name.
    entry.telling ||= telling;
    if (kind < entry.kind) entry.kind = kind;
    entry.keys.push(key);
    entry.said = null;
  }

  #addWhole(whole: string, part: string): void {
    this.#sketches.add(this.#sketch(whole));
    this.#wholes.set(this.#mask.fingerprint(whole), this.#mask.fingerprint(part));
  }

  /** FNV-1a over UTF-16 units, from a start that this run drew: it tells apart, and is never shown or kept. */
  #sketch(text: string): number {
    let bits = this.#seed;
    for (let i = 0; i < text.length; i++) bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193);
    return bits;
  }

  #of(text: string): SecretMatch | null {
    if (text.length < SHORTEST || text.length > LONGEST || !this.#sketches.has(this.#sketch(text))) return null;
    const own = this.#mask.fingerprint(text);
    const fingerprint = this.#wholes.get(own) ?? own;
    const entry = this.#entries.get(fingerprint);
    if (entry === undefined) return null;
    const { kind, telling } = entry;
    entry.said ??= said(entry.keys);
    return { fingerprint, kind, telling, ...entry.said };
  }

  #ofEncoded(text: string): SecretMatch | null {
    if (text.length < 8 || text.length > LONGEST_ENCODED || !ENCODED.test(text)) return null;
    return this.#of(Buffer.from(text, "base64").toString("utf8").trim());
  }
}

/** A manifest's stringData are values, too, and outrank its data (pkg/registry/core/secret). */
function valuesOf(raw: Json): [string, string][] {
  const plain = mapAt(raw, "stringData").map(([key, text]): [string, string] => [
    key,
    Buffer.from(text, "utf8").toString("base64"),
  ]);
  return [...new Map([...mapAt(raw, "data"), ...plain])];
}

function said(keys: readonly Held[]): Pick<SecretMatch, "equals" | "because"> {
  const order = ({ namespace, name, key }: Held): string => JSON.stringify([namespace, name, key]);
  const sorted = [...new Map(keys.map((key) => [order(key), key]))]
    .sort(([a], [b]) => compare(a, b))
    .map(([, key]) => key);
  const named = sorted.slice(0, MOST_NAMED).map(({ namespace, name, key, fills }) => ({ namespace, name, key, fills }));
  const [first] = sorted;
  const place = `Secret ${first?.namespace ?? ""}/${first?.name ?? ""} key ${first?.key ?? ""}`;
  const rest = sorted.length - 1;
  const and = rest < 1 ? "" : ` and ${String(rest)} more`;
  const because = `equals ${first?.exact === true ? "" : "a credential in "}${place}${and}`;
  return { equals: { secrets: named, more: sorted.length - named.length }, because };
}
