import type { Requirement } from "../model/selection.ts";
import { UsageError } from "./errors.ts";
import { nearest } from "./nearest.ts";

/** The fields that --field-selector takes. */
export const FIELD_NAMES = [
  "metadata.name",
  "metadata.namespace",
  "status.phase",
  "spec.nodeName",
  "spec.serviceAccountName",
];

const part = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
const labelKey = new RegExp(`^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?${part}$`);
const labelValue = new RegExp(`^(?:${part})?$`);

/** Reads a label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a` (apimachinery, labels.Parse). */
export function parseLabelSelector(text: string): Requirement[] {
  return splitOutsideParentheses(text).map((raw) => {
    const requirement = labelRequirement(raw.trim());
    if (requirement === null) {
      throw new UsageError(`unable to parse requirement "${raw.trim()}" of the label selector "${text}"`, [
        "Written like this: app=web,tier!=test,env in (a,b),!legacy",
      ]);
    }
    if (!labelKey.test(requirement.key)) throw new UsageError(`invalid label key "${requirement.key}" in "${text}"`);
    const bad = requirement.values.find((value) => !labelValue.test(value));
    if (bad !== undefined) throw new UsageError(`invalid label value "${bad}" in "${text}"`);
    return requirement;
  });
}

function labelRequirement(text: string): Requirement | null {
  const set = /^([^\s=!(),]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const values = set[3]!.split(",").map((value) => value.trim());
    return { key: set[1]!, operator: set[2] as "in" | "notin", values };
  }
  const equality = /^([^\s=!(),]+)\s*(==|=|!=)\s*([^\s=!(),]*)$/.exec(text);
  if (equality !== null) {
    return { key: equality[1]!, operator: equality[2] === "!=" ? "!=" : "=", values: [equality[3]!] };
  }
  const existence = /^(!?)\s*([^\s=!(),]+)$/.exec(text);
  if (existence === null) return null;
  return { key: existence[2]!, operator: existence[1] === "!" ? "!exists" : "exists", values: [] };
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")") depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Reads a field selector: `a=b`, `a==b` and `a!=b`, joined by commas (apimachinery, fields.ParseSelector). */
export function parseFieldSelector(text: string): Requirement[] {
  return text.split(",").map((raw) => {
    const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(raw);
    if (match === null) throw new UsageError(`invalid selector: "${text}"; can't understand "${raw.trim()}"`);
    const key = match[1]!;
    if (!FIELD_NAMES.includes(key)) {
      const near = nearest(key, FIELD_NAMES);
      throw new UsageError(`field label not supported: ${key}`, [
        near === null ? `Supported are: ${FIELD_NAMES.join(", ")}.` : `Did you mean ${near}?`,
      ]);
    }
    return { key, operator: match[2] === "!=" ? "!=" : "=", values: [match[3]!] };
  });
}
