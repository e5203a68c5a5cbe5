import { findInOutput } from "../../credentials/output.ts";
import { MASKED } from "../../evidence/mask.ts";
import type { Mask } from "../../evidence/mask.ts";
import { recognisedBy } from "./recognised.ts";

/** Opens every fingerprint in a bundle; none of the texts that Kubernetes itself writes holds it. */
export const MARK = `${MASKED.slice(0, -1)}:`;

/** Where a fingerprint stands in a text of a bundle. */
const MARKED = new RegExp(`${MARK}[0-9a-f]{32}( holds [0-9a-f,]{32,1024})?>`);

/** True for a text of a bundle that has a fingerprint in the place of something. */
export function isMarked(text: string): boolean {
  return MARKED.test(text);
}

const MOST_HELD = 16;
const SHORTEST_KNOWN = 4;

/** A text as its fingerprint, and with it those of the credentials that it holds, by which reports know them. */
export function maskWhole(name: string, text: string, mask: Mask): string {
  if (text === "") return "";
  const own = mask.fingerprint(text);
  const held = new Set(
    recognisedBy(mask)
      .inValue(name, text)
      .map((found) => mask.fingerprint(found)),
  );
  held.delete(own);
  const holds = held.size === 0 ? "" : ` holds ${[...held].slice(0, MOST_HELD).join(",")}`;
  return `${MARK}${own}${holds}>`;
}

/** Names that may be shown wherever they stand. */
export interface Names {
  has(name: string): boolean;
}

/** What a text is masked with: credentials that were recognised in it or stand beside it, and names that may stay. */
export interface Around {
  credentials: Iterable<string>;
  names: Names;
  mask: Mask;
}

/**
 * A text with everything in it that may be a value replaced by fingerprints: recognised credentials first, then each word
 * that is neither made of plain words and small numbers nor a name that the object shows anyway.
 */
export function maskText(text: string, { credentials, names, mask }: Around): string {
  let parts: { text: string; done: boolean }[] = [{ text, done: false }];
  const found = [...new Set(credentials)].sort((a, b) => b.length - a.length);
  for (const credential of found) {
    if (credential.length < SHORTEST_KNOWN && credential !== text) continue;
    parts = parts.flatMap((part) => (part.done ? [part] : apart(part.text, credential, mask)));
  }
  return parts.map((part) => (part.done ? part.text : maskWords(part.text, names, mask))).join("");
}

function apart(text: string, credential: string, mask: Mask): { text: string; done: boolean }[] {
  const marked = { text: `${MARK}${mask.fingerprint(credential)}>`, done: true };
  return text.split(credential).flatMap((piece, i) => [...(i === 0 ? [] : [marked]), { text: piece, done: false }]);
}

/** What separates words, and stays. */
const BETWEEN = /([\s"'`=:,;()[\]{}|&<>]+)/;

function maskWords(text: string, names: Names, mask: Mask): string {
  return text
    .split(BETWEEN)
    .map((word, i) => (i % 2 === 1 || word === "" || names.has(word) || isPlain(word) ? word : marked(word, mask)))
    .join("");
}

function marked(word: string, mask: Mask): string {
  return `${MARK}${mask.fingerprint(word)}>`;
}

const LONGEST_WORD = 128;
const SEPARATORS = /[-_./\\@%+!?*#~^$]+/;
/** Words in one case or in camel case, and numbers that are no PIN. */
const PLAIN = /^([a-z]{0,20}|[A-Z]{1,20}|[A-Z]?[a-z]{2,20}([A-Z][a-z]{2,20}){0,5}|\d{1,5})$/;

/** True for a word that nobody would take for a generated secret. */
function isPlain(word: string): boolean {
  return word.length <= LONGEST_WORD && word.split(SEPARATORS).every((run) => PLAIN.test(run));
}

/** The kubelet's time before a line. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ?/;

/** What a program printed, line by line; times that the kubelet wrote before its lines stay. */
export function maskOutput(text: string, around: Around): string {
  const lines = text.split("\n");
  const times = lines.map((line) => TIMESTAMP.exec(line)?.[0] ?? "");
  const said = lines.map((line, i) => line.slice(times[i]!.length));
  const found = findInOutput(said, "log").flatMap((one) => one.text.split("\n"));
  const known = [...new Set([...found, ...around.credentials])].filter((one) => one.length >= SHORTEST_KNOWN);
  const all = said.join("\n");
  // Most credentials of an object are in none of its lines, and a line is looked through for each that is left.
  const here = known.filter((one) => all.includes(one));
  return said
    .map((line, i) => {
      const credentials = here.filter((one) => line.includes(one));
      return `${times[i]!}${maskText(line, { ...around, credentials })}`;
    })
    .join("\n");
}
