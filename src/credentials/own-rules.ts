import { RE2JS } from "re2js";
import type { AllowRule, LiteralClass, NameRule, NotNameRule, OwnRulesFile, PatternRule } from "../model/own-rules.ts";
import type { Verdict } from "../model/credential.ts";
import { anyGlob, anyOrAll, anyWords, momentOf } from "./own-rules-terms.ts";
import type { Term } from "./own-rules-terms.ts";

/** What every entry has: where it stands in the file, and in which namespaces it holds. */
interface Entry {
  /** `allow[2]`: by this the reports name it. */
  id: string;
  inNamespace: Term;
}

/** Names that hold credentials. */
export interface OwnName extends Entry {
  matches: Term;
  /** What of a name stands in the file as well, and may therefore be shown wherever the name stood; null where nothing does. */
  spoken(name: string): string | null;
  verdict: Verdict;
}

/** Names that hold none. */
export interface OwnNotName extends Entry {
  matches: Term;
  reason: string;
}

/** What credentials look like. */
export interface OwnPattern extends Entry {
  pattern: RE2JS;
  /** 0 is the whole match. */
  group: number;
  verdict: Verdict;
}

/** What is no finding. Null: any. */
export interface OwnAllow extends Entry {
  reason: string;
  until: number | null;
  isObject: ((kind: string, name: string) => boolean) | null;
  isName: Term | null;
  classes: ReadonlySet<LiteralClass> | null;
  isValue: Term | null;
  fingerprints: ReadonlySet<string> | null;
}

/** Whose annotations are believed. */
export interface OwnTrust extends Entry {
  isManager: Term;
  /** True where any manager is, and none has to be recorded. */
  anyManager: boolean;
  until: number | null;
}

/** The operator's rules, compiled once for a run; `used` counts how often each entry had a say. */
export interface OwnRules {
  /** What messages call the file. */
  file: string;
  names: OwnName[];
  notNames: OwnNotName[];
  patterns: OwnPattern[];
  allow: OwnAllow[];
  trust: OwnTrust[];
  used: Map<string, number>;
}

/** Compiles a checked file. */
export function compileRules(rules: OwnRulesFile, file: string): OwnRules {
  const idOf = (list: string, index: number): string => `${list}[${String(index)}]`;
  return {
    file,
    names: (rules.names ?? []).map((rule, i) => ownName(rule, idOf("names", i))),
    notNames: (rules.notNames ?? []).map((rule, i) => ({
      ...{ id: idOf("notNames", i), inNamespace: anyOrAll(rule.namespaces), matches: namesOf(rule) },
      reason: rule.reason,
    })),
    patterns: (rules.patterns ?? []).map((rule, i) => ownPattern(rule, idOf("patterns", i))),
    allow: (rules.allow ?? []).map((rule, i) => ownAllow(rule, idOf("allow", i))),
    trust: (rules.trustAnnotations ?? []).map(({ managers, namespaces, until }, i) => ({
      ...{ id: idOf("trustAnnotations", i), inNamespace: anyOrAll(namespaces) },
      ...{
        isManager: anyOrAll(managers),
        anyManager: managers === undefined,
        until: until === undefined ? null : momentOf(until),
      },
    })),
    used: new Map(),
  };
}

/** Counts that an entry had a say. */
export function use({ used }: OwnRules, id: string, times = 1): void {
  used.set(id, (used.get(id) ?? 0) + times);
}

/** How a literal is marked, until it is decided, where its name as it was written is one that the entry means. */
export function nameMark({ id }: Pick<Entry, "id">): string {
  return `${id}.names`;
}

/** True until the last moment on which the entry is honoured, in milliseconds. */
export function isLive({ until }: Pick<OwnAllow, "until">, now: number): boolean {
  return until === null || now <= until;
}

function namesOf({ names, words }: NameRule | NotNameRule): Term {
  const byGlob = anyGlob(names ?? []);
  const byWords = anyWords(words ?? []);
  return (name) => byGlob(name) || byWords(name);
}

function spokenOf({ names = [], words = [] }: NameRule, name: string): string | null {
  const lower = name.toLowerCase();
  return names.find((one) => one.toLowerCase() === lower) ?? words.find((one) => anyWords([one])(name)) ?? null;
}

function ownName(rule: NameRule, id: string): OwnName {
  const because = rule.because ?? `its name is one of ${id} of the rules file`;
  return {
    ...{ id, inNamespace: anyOrAll(rule.namespaces), matches: namesOf(rule) },
    spoken: (name) => spokenOf(rule, name),
    verdict: { kind: rule.kind ?? "password", confidence: rule.confidence ?? "likely", because },
  };
}

function ownPattern(rule: PatternRule, id: string): OwnPattern {
  const pattern = RE2JS.compile(rule.pattern);
  const { group = 0 } = rule;
  const because = rule.because ?? `looks like ${id} of the rules file`;
  return {
    ...{ id, inNamespace: anyOrAll(rule.namespaces), pattern },
    group: typeof group === "number" ? group : (pattern.namedGroups() as Record<string, number>)[group]!,
    verdict: { kind: rule.kind ?? "secret-key", confidence: rule.confidence ?? "likely", because },
  };
}

function ownAllow(rule: AllowRule, id: string): OwnAllow {
  const { reason, until, namespaces, objects, names, classes, values, fingerprints } = rule;
  return {
    ...{ id, inNamespace: anyOrAll(namespaces), reason, until: until === undefined ? null : momentOf(until) },
    isObject: objects === undefined ? null : anyObject(objects),
    isName: names === undefined ? null : anyGlob(names),
    classes: classes === undefined ? null : new Set(classes),
    isValue: values === undefined ? null : anyPattern(values),
    fingerprints: fingerprints === undefined ? null : new Set(fingerprints),
  };
}

/** Kind and name apart: `*` in a name does not reach over the slash. */
function anyObject(objects: readonly string[]): (kind: string, name: string) => boolean {
  const byKind = Map.groupBy(objects, (one) => one.slice(0, one.indexOf("/")));
  const names = new Map(
    [...byKind].map(([kind, ones]) => [kind, anyGlob(ones.map((one) => one.slice(kind.length + 1)))]),
  );
  return (kind, name) => [kind.toLowerCase(), "*"].some((key) => names.get(key)?.(name) === true);
}

function anyPattern(patterns: readonly string[]): Term {
  const compiled = patterns.map((one) => RE2JS.compile(one));
  return (text) => compiled.some((one) => one.matches(text));
}
