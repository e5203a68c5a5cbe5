import type { Confidence } from "../../model/credential.ts";
import { characters, isIn, runEnd } from "../characters.ts";
import type { CharacterSet } from "../characters.ts";
import { isComputed } from "../computed.ts";
import { judgeName } from "../name-rules.ts";
import type { NameVerdict } from "../name-rules.ts";
import { isNotACredential } from "../not-a-credential.ts";
import { isPlaceholder, isProbablyTemplate } from "../placeholder.ts";
import type { FormRule, Match } from "../rule.ts";

const KEY = characters("A-Za-z0-9_.-");
const SPACE = characters(" \t");
const LONGEST_KEY = 64;
const LONGEST_VALUE = 1024;

const LONGEST_SPACE = 16;
/** Quotes and what closes them: also inside a quoted text, with the letter that SQL and Python put before them, and ODBC's braces. */
const QUOTES: [string, string][] = [
  ['"', '"'],
  ["'", "'"],
  ['\\"', '\\"'],
  ["\\'", "\\'"],
  ["N'", "'"],
  ['b"', '"'],
  ["b'", "'"],
  ["{", "}"],
];

/** Characters that end a value, and the signs of each notation before its key. */
const ENDS = {
  parameter: characters("&# \t\r\n\"'"),
  property: characters(";\r\n"),
  libpq: characters(" \t\r\n\"'"),
  prose: characters(" \t\r\n\"'`,;&|<>)}]"),
} satisfies Record<string, CharacterSet>;

const CONNECTION =
  /(^|;)\s{0,8}(server|data source|host|addr|address|endpoint|accountname|defaultendpointsprotocol|initial catalog|database|user id|uid|username)\s{0,8}=/i;

/** Keyword strings of libpq (PostgreSQL documentation 34.1.1.1): only white space ends a value. */
const LIBPQ =
  /^\s{0,8}(host|hostaddr|port|dbname|user|password|sslmode|application_name)=\S{1,512}\s{1,8}[a-z_]{2,32}=/;

function notation(text: string, keyStart: number, isLibpq: boolean): keyof typeof ENDS {
  if (isLibpq) return "libpq";
  const before = text[keyStart - 1];
  if (before === "?" || before === "&") return "parameter";
  let at = keyStart;
  while (at > 0 && keyStart - at < 8 && isIn(SPACE, text, at - 1)) at--;
  return text[at - 1] === ";" || (at === 0 && text.indexOf(";", keyStart) > 0) ? "property" : "prose";
}

/** [start, end) of the value that begins at or after `from`; quotes are left out. */
function valueAt(text: string, from: number, how: keyof typeof ENDS): [number, number] {
  const start = runEnd(SPACE, text, from, LONGEST_SPACE);
  const [opening = "", closing = ""] = QUOTES.find(([sign]) => text.startsWith(sign, start)) ?? [];
  if (closing !== "" && (closing !== "}" || how === "property")) {
    const close = text.slice(start + opening.length, start + opening.length + LONGEST_VALUE).indexOf(closing);
    if (close >= 0) return [start + opening.length, start + opening.length + close];
  }
  const stop = Math.min(text.length, start + LONGEST_VALUE);
  let end = start;
  while (end < stop && !isIn(ENDS[how], text, end)) end++;
  return [start, end];
}

function confidenceOf(separator: string, value: string, isCertain: boolean): Confidence {
  if (isProbablyTemplate(value) || isComputed(value) || /^[\w.]{1,64}[([]/.test(value)) return "possible";
  if (separator === ":" && !/[0-9!#%*+?@^~]/.test(value)) return "possible";
  return isCertain ? "certain" : "likely";
}

/** `pwd` alone is a shell's working directory, but not between the parts of a connection. */
function judged(key: string, how: keyof typeof ENDS, isConnection: boolean): NameVerdict | null {
  const isPassword = /^pwd$/i.test(key) && (isConnection || how === "parameter" || how === "property");
  return judgeName(isPassword ? "password" : key);
}

/** Beginnings of patterns and of what a program computes, and the end of a command of sed. */
const PATTERN = /^(\/[gi]{0,2}$|\$|\.[*+]|\[\^|\\[A-Za-z]|\()/;

const LONGEST_COMMAND = 256;

/** `s/name=.*\/name=value/g`: what ends the command of sed does not belong to the value. */
function withoutSed(value: string, text: string, keyStart: number): string {
  const [tail = "", sign = ""] = /([/#,@!~%])[gimpIM\d]{0,3}$/.exec(value) ?? [];
  if (sign === "") return value;
  const before = text.slice(Math.max(0, keyStart - LONGEST_COMMAND), keyStart);
  const second = before.lastIndexOf(sign);
  const first = second > 0 ? before.lastIndexOf(sign, second - 1) : -1;
  return /^(|.*[\s'";{])s$/s.test(before.slice(Math.max(0, first - 2), Math.max(0, first)))
    ? value.slice(0, -tail.length)
    : value;
}

interface Surroundings {
  isConnection: boolean;
  isLibpq: boolean;
}

function pairAt(text: string, at: number, separator: string, around: Surroundings): Match | null {
  const next = text[at + 1] ?? "";
  if (separator === "=" ? next === "=" || "!<>=".includes(text[at - 1] ?? " ") : "/-=?+:".includes(next)) return null;
  let keyEnd = at;
  while (at - keyEnd < LONGEST_SPACE && isIn(SPACE, text, keyEnd - 1)) keyEnd--;
  if (text[keyEnd - 1] === '"' || text[keyEnd - 1] === "'") keyEnd--;
  if (text[keyEnd - 1] === "\\") keyEnd--;
  let keyStart = keyEnd;
  while (keyStart > 0 && keyEnd - keyStart <= LONGEST_KEY && isIn(KEY, text, keyStart - 1)) keyStart--;
  // The user of an address; uri.ts reads those. Between colons stand the parts of a name, as in an ARN.
  if (separator === ":" && (text[keyStart - 1] === ":" || text.startsWith("://", keyStart - 3))) return null;
  if (keyStart === keyEnd || keyEnd - keyStart > LONGEST_KEY) return null;
  const isConnection = around.isConnection && separator === "=";
  const how = separator === ":" ? "prose" : notation(text, keyStart, around.isLibpq);
  const named = judged(text.slice(keyStart, keyEnd), how, isConnection);
  if (named === null || named.strength === "weak") return null;
  const [start, written] = valueAt(text, at + 1, how);
  const value = withoutSed(text.slice(start, written), text, keyStart);
  const end = start + value.length;
  const isPassword = named.kind === "password";
  if (PATTERN.test(value) || isPlaceholder(value) || isNotACredential(value, isPassword)) return null;
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

function surroundings(text: string): Surroundings {
  const isLibpq = LIBPQ.test(text) && !text.includes("\n");
  return { isConnection: CONNECTION.test(text) || isLibpq || /^jdbc:/i.test(text), isLibpq };
}

/** `name=value` and `name: value` whose name names a credential: connection strings, libpq, properties, query strings, prose. */
export const keyValue: FormRule = {
  id: "key-value",
  find(text) {
    const found: Match[] = [];
    let around: Surroundings | null = null;
    for (const separator of ["=", ":"]) {
      for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + 1)) {
        around ??= surroundings(text.slice(0, 4096));
        const pair = pairAt(text, at, separator, around);
        if (pair === null) continue;
        found.push(pair);
        at = Math.max(at, pair.end - 1);
      }
    }
    return found;
  },
};
