import { RE2JS } from "re2js";
import type { Confidence } from "../model/credential.ts";
import type { LiteralClass, OwnKind, OwnRulesFile } from "../model/own-rules.ts";
import { isFingerprint, momentOf } from "./own-rules-terms.ts";
import { words } from "./words.ts";

/** Where in the file: keys and indexes, as in `["allow", 0, "until"]`. */
export type RulePath = readonly (string | number)[];

/** What is wrong with a rules file, and where; `next` is what to do. No value of the file is repeated. */
export class RulesError extends Error {
  override name = "RulesError";
  readonly path: RulePath;
  readonly next: string;

  constructor(path: RulePath, why: string, next: string) {
    super(why);
    this.path = path;
    this.next = next;
  }
}

const KINDS: Record<OwnKind, true> = {
  password: true,
  "connection-string": true,
  "private-key": true,
  "ssh-key": true,
  "cloud-key": true,
  "provider-token": true,
  jwt: true,
  "basic-auth": true,
  "webhook-url": true,
  token: true,
  "secret-key": true,
};
const CONFIDENCES = ["certain", "likely", "possible"] as const satisfies readonly Confidence[];
const CLASSES = [
  "literal-env",
  "literal-args",
  "literal-annotation",
  "configmap-env",
  "termination-message",
  "log",
] as const satisfies readonly LiteralClass[];

const MOST_ENTRIES = 1000;
const MOST_VALUES = 1000;
const LONGEST_TEXT = 1024;

/** Throws RulesError for a value that the key does not take. */
type Check = (value: unknown, path: RulePath) => void;

const fail = (path: RulePath, why: string, next: string): never => {
  throw new RulesError(path, why, next);
};

const text: Check = (value, path) => {
  if (typeof value !== "string") fail(path, "must be a text", "Put it in quotes.");
  else if (value.trim() === "") fail(path, "must not be empty", "Leave the key out if nothing was meant.");
  else if (value.length > LONGEST_TEXT)
    fail(path, `is longer than ${String(LONGEST_TEXT)} characters`, "Make it shorter, or several entries of it.");
};

function oneOf(...choices: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== "string" || !choices.includes(value))
      fail(path, "is not one of those that are known", `Known are: ${choices.join(", ")}.`);
  };
}

function matching(check: (value: string) => boolean, why: string, next: string): Check {
  return (value, path) => {
    text(value, path);
    if (!check(value as string)) fail(path, why, next);
  };
}

function listOf(item: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value))
      return fail(path, "must be a list", "Put each value on a line of its own, after a dash.");
    if (value.length === 0) fail(path, "must not be empty", "Leave the key out if nothing was meant.");
    if (value.length > MOST_VALUES) fail(path, `has more than ${String(MOST_VALUES)} values`, "Use `*` in fewer.");
    value.forEach((one, index) => item(one, [...path, index]));
  };
}

const texts = listOf(text);

const pattern: Check = (value, path) => {
  text(value, path);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(value as string);
  } catch (error) {
    // Its message would repeat the pattern.
    const reason = (error as { error?: unknown }).error;
    const why = typeof reason === "string" ? reason : "it cannot be read";
    return fail(path, `is no regular expression of RE2: ${why}`, "RE2 has neither look-around nor back-references.");
  }
  if (compiled.test("") && compiled.matches("")) fail(path, "matches the empty text", "Ask for a character at least.");
};

const until = matching(
  (value) => momentOf(value) !== null,
  "is neither a date nor a time",
  "Write 2027-01-31, or 2027-01-31T12:00:00Z.",
);
const object = matching(
  (value) => /^(cronjob|job|pod|configmap|\*)\/[^/]+$/.test(value),
  "is no KIND/NAME",
  "Write cronjob/backup, job/backup-*, pod/*, configmap/settings or */NAME.",
);
const fingerprint = matching(
  isFingerprint,
  "is no fingerprint",
  "Copy it from -o wide or -o json of a run with --fingerprint-key: 32 hex digits.",
);

const group: Check = (value, path) => {
  const isNumber = Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isNumber && (typeof value !== "string" || value === ""))
    fail(path, "must be the number or the name of a group", "Groups count from 1 by their opening parentheses.");
};

interface Entry {
  keys: Record<string, Check>;
  /** Keys that have to be there. */
  required?: readonly string[];
  /** One of these at least has to be there. */
  any?: readonly string[];
}

const wordy = matching((value) => words(value).length > 0, "holds no word", "Write words of letters: door code.");
const named = { names: texts, words: listOf(wordy), namespaces: texts };
const verdict = { kind: oneOf(...Object.keys(KINDS)), confidence: oneOf(...CONFIDENCES), because: text };

const ENTRIES: Record<Exclude<keyof OwnRulesFile, "apiVersion" | "kind">, Entry> = {
  names: { keys: { ...named, ...verdict }, any: ["names", "words"] },
  notNames: { keys: { ...named, reason: text }, required: ["reason"], any: ["names", "words"] },
  patterns: { keys: { pattern, group, ...verdict, namespaces: texts }, required: ["pattern"] },
  allow: {
    keys: {
      ...{ reason: text, until, namespaces: texts, objects: listOf(object), names: texts },
      ...{ classes: listOf(oneOf(...CLASSES)), values: listOf(pattern), fingerprints: listOf(fingerprint) },
    },
    required: ["reason"],
    any: ["namespaces", "objects", "names", "classes", "values", "fingerprints"],
  },
  trustAnnotations: {
    keys: { managers: texts, namespaces: texts, reason: text, until },
    any: ["managers", "namespaces"],
  },
};

/** The document as rules. Throws RulesError at the first key, type, pattern or date that is not as docs/rules.md has it. */
export function checkRules(document: unknown): OwnRulesFile {
  const lists = Object.keys(ENTRIES) as (keyof typeof ENTRIES)[];
  const root = mapAt(document, [], ["apiVersion", "kind", ...lists]);
  if (root["apiVersion"] !== "cronaudit/v1")
    fail(["apiVersion"], "must be cronaudit/v1", "Begin the file with: apiVersion: cronaudit/v1");
  if (root["kind"] !== "Rules") fail(["kind"], "must be Rules", "Write in its second line: kind: Rules");
  for (const key of lists) {
    if (!Object.hasOwn(root, key)) continue;
    const entries = root[key];
    if (!Array.isArray(entries)) return fail([key], "must be a list", "Begin each entry with a dash.");
    if (entries.length > MOST_ENTRIES)
      fail([key], `has more than ${String(MOST_ENTRIES)} entries`, "Give one entry several values.");
    entries.forEach((entry, index) => checkEntry(entry, [key, index], ENTRIES[key]));
  }
  return root as unknown as OwnRulesFile;
}

function checkEntry(entry: unknown, path: RulePath, { keys, required = [], any = [] }: Entry): void {
  const map = mapAt(entry, path, Object.keys(keys));
  for (const [key, value] of Object.entries(map)) keys[key]!(value, [...path, key]);
  for (const key of required) {
    if (!Object.hasOwn(map, key)) fail(path, `lacks ${key}`, "docs/rules.md says what each entry needs.");
  }
  if (any.length > 0 && !any.some((key) => Object.hasOwn(map, key)))
    fail(path, "would match everything", `Give it one of: ${any.join(", ")}.`);
  if (Object.hasOwn(map, "group")) checkGroup(map, path);
}

function checkGroup(entry: Record<string, unknown>, path: RulePath): void {
  const compiled = RE2JS.compile(entry["pattern"] as string);
  const wanted = entry["group"] as number | string;
  const exists =
    typeof wanted === "number" ? wanted <= compiled.groupCount() : Object.hasOwn(compiled.namedGroups(), wanted);
  if (!exists)
    fail([...path, "group"], "is no group of the pattern", "Groups count from 1; names are as in (?P<name>…).");
}

function mapAt(value: unknown, path: RulePath, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail(path, "must be a map of keys to values", `Its keys are: ${known.join(", ")}.`);
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined)
    fail([...path, unknown], "is no key that is known here", `Known are: ${known.join(", ")}.`);
  return value as Record<string, unknown>;
}
