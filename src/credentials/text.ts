import { isExpression } from "./computed.ts";
import { decodedText } from "./encoded.ts";
import { findForms } from "./forms.ts";
import { jsonLeaves } from "./json.ts";
import type { Leaf } from "./json.ts";
import { findByName, findInLeaf, foundAs } from "./leaf.ts";
import { pairsIn } from "./lines.ts";
import type { Pair } from "./lines.ts";
import type { Found, Match } from "./rule.ts";
import { speakingName } from "./speaking-name.ts";
import { encodedPassword } from "./userinfo.ts";

/** Wrappings inside one another (base64, hexadecimal, JSON in a text of JSON) that are opened. */
const DEEPEST = 3;

/**
 * Every credential in a named text that is no script. JSON is searched leaf by leaf under the leaves' own names, lines that give a
 * name a value under that name; other text by form; what has no form is judged by its name; last, what base64 or hexadecimal
 * digits hide. The name is taken to be one; names that stand in the text show only as far as their words are known.
 */
export function findInText(name: string, value: string, depth = 0): Found[] {
  const leaves = depth <= DEEPEST ? jsonLeaves(value) : null;
  if (leaves !== null) return leaves.flatMap((leaf) => inLeaf(leaf, name, depth + 1));
  const found = value.includes("\n") ? inLines(name, value, depth) : findInLeaf(name, value);
  if (!isOfWhole(found, value)) return found;
  // A name says that the whole is a credential; what the whole hides says which.
  const inside = wrapped(name, value, depth);
  return found.length === 0 || isSure(inside) ? inside : found;
}

/** True where nothing is found, or all of the text without a form that nothing else has. */
function isOfWhole(found: Found[], value: string): boolean {
  return found.every(({ verdict, text }) => verdict.confidence !== "certain" && text.length === value.trim().length);
}

function isSure(found: Found[]): boolean {
  return found.some(({ verdict }) => verdict.confidence !== "possible");
}

function inLeaf({ name, text }: Leaf, outer: string, depth: number): Found[] {
  if (name === "auth") {
    const login = dockerAuth(text);
    if (login !== null) return [login];
  }
  if (name !== null && SCHEMA_WORDS.has(text)) return [];
  const shown = name === null ? outer : (speakingName(name) ?? outer);
  const found = findInText(name === null ? outer : asKey(name), text, depth);
  // Names from farther inside have been reduced to what may be shown.
  return found.map((item) => (item.name === asKey(name ?? outer) ? called(item, shown, name ?? outer) : item));
}

/** What was found under a name of which less is shown. */
function called(item: Found, shown: string, written: string): Found {
  return shown === written ? { ...item, name: shown } : { ...item, name: shown, written };
}

/** Alone, PWD names a shell's working directory; as a key of a file it is a password. */
function asKey(name: string): string {
  return /^pwd$/i.test(name) ? "login.pwd" : name;
}

/** `auth` of a Docker config file: base64 of user:password. */
function dockerAuth(value: string): Found | null {
  const text = encodedPassword(value);
  if (text === null) return null;
  const because = "is a registry login of a Docker config file";
  return { name: "auth", verdict: { kind: "basic-auth", confidence: "certain", because }, text };
}

function wrapped(name: string, value: string, depth: number): Found[] {
  const text = depth < DEEPEST ? decodedText(value) : null;
  // What is inside has the names of the inside; the name outside says nothing of its parts.
  return text === null ? [] : findInText("", text, depth + 1).map((item) => ({ ...item, name: item.name || name }));
}

/** Forms may go over several lines; a line without one is judged by the name that it gives its value. */
function inLines(name: string, value: string, depth: number): Found[] {
  const forms = findForms(value, name);
  const found: Found[] = [];
  let next = 0;
  let covered = 0;
  const formsBefore = (end: number): Match[] => {
    const from = next;
    for (; next < forms.length && forms[next]!.start < end; next++) covered = Math.max(covered, forms[next]!.end);
    return forms.slice(from, next);
  };
  const add = (items: Found[], shown: string, written = shown): void => {
    for (const item of items) found.push(item.name === "" ? called(item, shown, written) : item);
  };
  const plain = (matches: Match[]): Found[] => matches.map((form) => foundAs("", value, form));
  for (const pair of pairsIn(value)) {
    if (next < forms.length) add(plain(formsBefore(pair.start)), name);
    const isCovered = covered > pair.start;
    const inside = formsBefore(pair.end);
    const isTold = isCovered || inside.some(({ confidence }) => confidence !== "possible");
    const isCertain = isCovered || inside.some(({ confidence }) => confidence === "certain");
    const hidden = isCertain || pair.value.length < SHORTEST_WRAPPED ? [] : wrapped("", pair.value, depth);
    const byPair = isSure(hidden) ? hidden : isTold ? [] : inPair(pair, hidden);
    const own = byPair.length > 0 ? byPair : plain(inside);
    if (own.length > 0) add(own, speakingName(pair.name) ?? name, pair.name);
  }
  add(plain(formsBefore(Infinity)), name);
  const byName = found.every(({ verdict }) => verdict.confidence === "possible") ? findByName(name, value) : null;
  return byName === null ? found : [{ name, ...byName }];
}

const SHORTEST_WRAPPED = 20;

/** What files say of a value's type instead of giving one. */
const SCHEMA_WORDS = new Set(
  "string integer number boolean bool object array text int required optional password secret str bytes any".split(" "),
);
/** The value of one line, of which it is known what it hides. What people write in prose or in a program looks alike, so that little is only possible. */
function inPair({ name, value, isQuoted }: Pair, hidden: Found[]): Found[] {
  if (SCHEMA_WORDS.has(value) || (!isQuoted && isExpression(value))) return [];
  if (name.toLowerCase() === "auth") {
    const login = dockerAuth(value);
    if (login !== null) return [{ ...login, name: "" }];
  }
  const judged = findByName(asKey(name), value);
  if (judged === null) return hidden;
  const { verdict, text } = judged;
  const isDoubtful = isQuoted
    ? verdict.kind !== "password" && !/\d/.test(value)
    : /\s/.test(value) || (verdict.kind !== "password" && !/\d/.test(value));
  return [{ name: "", text, verdict: isDoubtful ? { ...verdict, confidence: "possible" } : verdict }];
}
