import type { Confidence } from "../../model/credential.ts";
import { characters, isIn, runEnd } from "../characters.ts";
import type { CharacterSet } from "../characters.ts";
import { judgeName } from "../name-rules.ts";
import { isNotACredential } from "../not-a-credential.ts";
import { isPlaceholder, isProbablyTemplate } from "../placeholder.ts";
import type { FormRule, Match } from "../rule.ts";

const KEY = characters("A-Za-z0-9_.-");
const SPACE = characters(" \t");
const LONGEST_KEY = 64;
const LONGEST_VALUE = 1024;

/** Characters that end a value, and the signs of each notation before its key. */
const ENDS = {
  parameter: characters("&# \t\r\n\"'"),
  property: characters(";\r\n"),
  prose: characters(" \t\r\n\"'`,;&|<>)}]"),
} satisfies Record<string, CharacterSet>;

const CONNECTION =
  /(^|;)\s{0,8}(server|data source|host|addr|address|endpoint|accountname|defaultendpointsprotocol|initial catalog|database|user id|uid|username)\s{0,8}=/i;

function notation(text: string, keyStart: number): keyof typeof ENDS {
  const before = text[keyStart - 1];
  if (before === "?" || before === "&") return "parameter";
  let at = keyStart;
  while (at > 0 && keyStart - at < 8 && isIn(SPACE, text, at - 1)) at--;
  return text[at - 1] === ";" || (at === 0 && text.indexOf(";", keyStart) > 0) ? "property" : "prose";
}

/** [start, end) of the value that begins at or after `from`; quotes are left out. */
function valueAt(text: string, from: number, how: keyof typeof ENDS): [number, number] {
  const start = runEnd(SPACE, text, from, 4);
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const close = text.slice(start + 1, start + 1 + LONGEST_VALUE).indexOf(quote);
    if (close >= 0) return [start + 1, start + 1 + close];
  }
  const stop = Math.min(text.length, start + LONGEST_VALUE);
  let end = start;
  while (end < stop && !isIn(ENDS[how], text, end)) end++;
  return [start, end];
}

function confidenceOf(separator: string, value: string, isCertain: boolean): Confidence {
  if (isProbablyTemplate(value) || /^[\w.]{1,64}[([]/.test(value)) return "possible";
  if (separator === ":" && !/[0-9!#%*+?@^~]/.test(value)) return "possible";
  return isCertain ? "certain" : "likely";
}

function pairAt(text: string, at: number, separator: string, isConnection: boolean): Match | null {
  const next = text[at + 1] ?? "";
  if (separator === "=" ? next === "=" || "!<>=".includes(text[at - 1] ?? " ") : "/-=?+:".includes(next)) return null;
  let keyEnd = at;
  if (text[keyEnd - 1] === '"' || text[keyEnd - 1] === "'" || text[keyEnd - 1] === " ") keyEnd--;
  let keyStart = keyEnd;
  while (keyStart > 0 && keyEnd - keyStart <= LONGEST_KEY && isIn(KEY, text, keyStart - 1)) keyStart--;
  if (keyStart === keyEnd || keyEnd - keyStart > LONGEST_KEY) return null;
  const named = judgeName(text.slice(keyStart, keyEnd));
  if (named === null || named.strength === "weak") return null;
  const how = separator === ":" ? "prose" : notation(text, keyStart);
  const [start, end] = valueAt(text, at + 1, how);
  const value = text.slice(start, end);
  const isPassword = named.kind === "password";
  if (value.startsWith("$") || isPlaceholder(value) || isNotACredential(value, isPassword)) return null;
  if (!isPassword && (value.length < 8 || /^\d*$/.test(value))) return null;
  const isOfConnection = isConnection || how === "parameter";
  return {
    start,
    end,
    kind: isConnection ? "connection-string" : named.kind,
    confidence: confidenceOf(separator, value, isOfConnection && isPassword),
    because: `holds a "${named.noun}" written as name${separator}value`,
  };
}

/** `name=value` and `name: value` whose name names a credential: connection strings, libpq, properties, query strings, prose. */
export const keyValue: FormRule = {
  id: "key-value",
  find(text) {
    const found: Match[] = [];
    let isConnection: boolean | null = null;
    for (const separator of ["=", ":"]) {
      for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
        isConnection ??= CONNECTION.test(text.slice(0, 4096)) || /^jdbc:/i.test(text);
        const pair = pairAt(text, at, separator, isConnection && separator === "=");
        if (pair === null) continue;
        found.push(pair);
        at = Math.max(at, pair.end - 1);
      }
    }
    return found;
  },
};
