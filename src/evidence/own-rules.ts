import { findInCommand } from "../credentials/command.ts";
import type { FoundInCommand } from "../credentials/command.ts";
import { findInOutput } from "../credentials/output.ts";
import type { FoundInOutput } from "../credentials/output.ts";
import {
  IGNORE_ANNOTATION,
  LONGEST_IGNORE,
  fieldAt,
  isIgnoredBy,
  readIgnore,
} from "../credentials/own-rules-annotation.ts";
import type { IgnoreAnnotation, IgnoreField } from "../credentials/own-rules-annotation.ts";
import { applyRules } from "../credentials/own-rules-apply.ts";
import { nameMark } from "../credentials/own-rules.ts";
import type { OwnAllow, OwnNotName, OwnRules } from "../credentials/own-rules.ts";
import { OwnValues } from "../credentials/own-rules-values.ts";
import type { Found } from "../credentials/rule.ts";
import { findInValue } from "../credentials/values.ts";
import type { Json } from "../model/api.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Ignored, Literal } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { objectAt, stringAt, valueBelow } from "./json.ts";

/** What the operator's file, and annotations, say of the object that is projected. */
export interface OwnContext {
  /** Null without --rules. */
  rules: OwnRules | null;
  /** The file's names and patterns as they hold in a namespace; null without --rules. */
  valuesIn(namespace: string | null): OwnValues | null;
  /** Those of the object that is projected. */
  values: OwnValues | null;
  namespace: string | null;
  /** The ignore annotations of the object that is projected. */
  ignores: readonly IgnoreAnnotation[];
  /** The same by the uid of objects that were projected and have any: their logs are read later. */
  ignoresOf: Map<string, readonly IgnoreAnnotation[]>;
}

/** A fresh one, of no object. */
export function createOwnContext(rules: OwnRules | null): OwnContext {
  const known = new Map<string, OwnValues>();
  const valuesIn = (namespace: string | null): OwnValues | null =>
    rules === null ? null : known.getOrInsertComputed(namespace ?? "", () => new OwnValues(rules, namespace));
  return { rules, valuesIn, values: null, namespace: null, ignores: [], ignoresOf: new Map() };
}

const TEMPLATES: [keys: string[], field: IgnoreField][] = [
  [[], fieldAt("")],
  [["spec", "template"], fieldAt("template.")],
  [["spec", "jobTemplate"], fieldAt("jobTemplate.")],
  [["spec", "jobTemplate", "spec", "template"], fieldAt("template.")],
];

/** The context for one object: with the rules of its namespace and its own ignore annotations. */
export function forObject(kind: string, raw: Json, context: ProjectionContext): ProjectionContext {
  const meta = objectAt(raw, "metadata");
  const namespace = stringAt(meta, "namespace");
  const { own } = context;
  const ignores = TEMPLATES.flatMap(([keys, field]) => {
    const value = stringAt(valueBelow(raw, ...keys, "metadata", "annotations"), IGNORE_ANNOTATION);
    if (value === null) return [];
    if (value.length <= LONGEST_IGNORE)
      return { field, covers: keys.map((key) => `${key}.`).join(""), names: readIgnore(value) };
    const where = context.mask.keep(`${namespace ?? ""}/${stringAt(meta, "name") ?? "?"}`);
    context.note(`${kind} ${where}: ${field} is longer than ${String(LONGEST_IGNORE)} characters, and is not honoured`);
    return [];
  });
  if (ignores.length > 0) own.ignoresOf.set(stringAt(meta, "uid") ?? "", ignores);
  return { ...context, own: { ...own, values: own.valuesIn(namespace), namespace, ignores } };
}

/** The context for what is read of an object after it was projected. */
export function forKnown(
  { namespace, uid }: { namespace: string | null; uid: string },
  context: ProjectionContext,
): ProjectionContext {
  const { own } = context;
  const ignores = own.ignoresOf.get(uid) ?? [];
  return { ...context, own: { ...own, values: own.valuesIn(namespace), namespace, ignores } };
}

/** A snapshot as the operator's rules have it; `fresh` as in applyRules. */
export function ruled(snapshot: Snapshot, rules: OwnRules | null | undefined, fresh: boolean): Snapshot {
  return rules == null ? snapshot : applyRules(snapshot, rules, fresh);
}

/** findInValue, and what the operator's rules find besides. */
export function valuesIn(name: string, value: string, { own: { values } }: ProjectionContext): Found[] {
  const found = findInValue(name, value);
  return values === null ? found : values.inValue(name, value, found);
}

/** findInCommand of an argument list, and what the operator's rules find besides. */
export function commandIn(line: string[], { own: { values } }: ProjectionContext): FoundInCommand[] {
  const found = findInCommand(line, []);
  return values === null ? found : values.inCommand(line, found);
}

/** findInOutput, and what the operator's rules find besides. */
export function outputIn(
  lines: readonly string[],
  name: string,
  { own: { values } }: ProjectionContext,
): FoundInOutput[] {
  const found = findInOutput(lines, name);
  return values === null ? found : values.inOutput(lines, name, found);
}

/**
 * What may ignore a literal, for applyRules to decide: the object's annotations, and entries of the file that mean its text or its
 * name as it was written. Without a file the annotations stand as they are, confirmed by nobody.
 */
export function marksOf(
  literal: Literal,
  { name, text }: { name: string; text: string },
  { own: { rules, namespace, ignores } }: ProjectionContext,
): Ignored | null {
  const annotations = ignores.filter((one) => isIgnoredBy(one, literal)).map(({ field }) => field);
  const isHere = ({ inNamespace }: OwnAllow | OwnNotName): boolean => inNamespace(namespace ?? "");
  const allow = (rules?.allow ?? []).filter(isHere);
  const marks = [
    ...(rules?.notNames ?? []).filter((one) => isHere(one) && one.matches(name)).map(nameMark),
    ...allow.filter(({ isName }) => isName?.(name) === true).map(nameMark),
    ...allow.filter(({ isValue }) => isValue?.(text) === true).map(({ id }) => id),
  ];
  if (annotations.length + marks.length === 0) return null;
  const by = annotations.length > 0 ? "annotation" : "file";
  return { by, entries: [...new Set(annotations), ...marks], reason: null, confirmed: false };
}
