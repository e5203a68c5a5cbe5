import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Confidence, CredentialKind } from "../../src/model/credential.ts";
import { fill, randomFrom } from "./shapes.ts";

/** Where a value stands. `arg`: one word, or several, of an argument list; `command`: a script that a shell is given. */
export type Where = "env" | "arg" | "command" | "annotation" | "configmap" | "message" | "log";

/** `work` may be looked at line by line and tuned to; of `held-out` only the totals are. */
export type Part = "work" | "held-out";

/** One labelled value. */
export interface Entry {
  where: Where;
  name: string;
  /** The words of an argument list, or a single text. */
  value: string[];
  /** What must be found, where the template marks it: `⟦…⟧`. */
  secret: string | null;
  /** Null: no credential. */
  kind: CredentialKind | null;
  /** A positive must be found with at least this confidence. */
  sure: Confidence;
  source: string;
  part: Part;
  /** The template: what may be shown of the value. */
  shape: string;
}

/** Entries of one kind, as the files hold them; every scalar is a text. */
interface Group {
  source: string;
  where: Where;
  kind?: CredentialKind;
  sure?: Confidence;
  /** Names that take `each` (1) of the values, which ones by the hash of the name. */
  names?: string;
  each?: string;
  values?: (string | string[])[];
  /** Names with values of their own. */
  pairs?: Record<string, string | string[]>;
}

const FOLDER = new URL("entries/", import.meta.url);

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Half of the names; what has no name goes by its shape. */
function partOf(name: string, shape: string): Part {
  return (hash(name || shape)[0]! & 1) === 0 ? "work" : "held-out";
}

function entryOf(group: Group, name: string, template: string | string[]): Entry {
  const words = typeof template === "string" ? [template] : template;
  const shape = words.join(" ");
  const random = randomFrom(`${name}\n${shape}`);
  const filled = words.map((word) => fill(word, random));
  const marked = filled.map((word) => /⟦([^⟧]*)⟧/s.exec(word)?.[1]).find((text) => text !== undefined);
  return {
    where: group.where,
    name,
    value: filled.map((word) => word.replace(/[⟦⟧]/g, "")),
    secret: marked ?? null,
    kind: group.kind ?? null,
    sure: group.sure ?? "likely",
    source: group.source,
    part: partOf(name, shape),
    shape,
  };
}

function entriesOf(group: Group): Entry[] {
  const values = group.values ?? [];
  const each = Math.min(Number(group.each ?? "1"), values.length);
  const names = group.names?.split(/\s+/).filter((name) => name !== "");
  const ofNames = (names ?? []).flatMap((name) => {
    const first = hash(name).readUInt32LE(4) % values.length;
    return Array.from({ length: each }, (_, i) => entryOf(group, name, values[(first + i) % values.length]!));
  });
  const ofPairs = Object.entries(group.pairs ?? {}).flatMap(([name, of]) =>
    (typeof of === "string" ? [of] : of).map((value) => entryOf(group, name, value)),
  );
  const nameless = names === undefined ? values.map((value) => entryOf(group, "", value)) : [];
  return [...ofNames, ...ofPairs, ...nameless];
}

/** The corpus, in the order of its files, each combination of place, name and shape once. */
export function loadCorpus(): Entry[] {
  const files = readdirSync(FOLDER).toSorted();
  const groups = files.flatMap(
    (file) => parse(readFileSync(new URL(file, FOLDER), "utf8"), { schema: "failsafe" }) as Group[],
  );
  const entries = groups.flatMap(entriesOf);
  return [...new Map(entries.map((entry) => [`${entry.where}\n${entry.name}\n${entry.shape}`, entry])).values()];
}

/** Changes with any entry: by it a document says for which corpus its figures are. */
export function corpusVersion(entries: readonly Entry[]): string {
  return hash(JSON.stringify(entries)).toString("hex").slice(0, 12);
}
