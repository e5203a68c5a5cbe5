import { isNamingWord } from "./name-rules.ts";
import { COMMON_WORDS } from "./vocabulary.ts";
import { humps, unglued } from "./words.ts";

const LONGEST_NAME = 256;
const LEFT_OUT = "…";

/**
 * A name that was read where values stand (arguments, scripts, keys of JSON in a value), reduced to words that this program knows:
 * `--acme-api-token` gives `--…-api-token`. Nothing else of such a text may be shown, because `-pMyPassword` is an option and its
 * value. Null: no word is known; or not all are, after a single dash, where a value may be joined to the option.
 */
export function speakingName(written: string): string | null {
  if (written.length > LONGEST_NAME) return null;
  const prefix = /^(--|-D|-)?/.exec(written)?.[0] ?? "";
  const parts = written
    .slice(prefix.length)
    .split(/([^A-Za-z0-9]+)/)
    .flatMap((part, i) => (i % 2 === 1 ? separator(part) : humps(part).flatMap(knownParts)));
  const isKnown = parts.some((part) => /[A-Za-z]/.test(part));
  if (!isKnown || (prefix === "-" && parts.includes(LEFT_OUT))) return null;
  return prefix + parts.join("").replace(/…([._-]?…)+/g, LEFT_OUT);
}

/** The separators of names; others belong to a value. */
function separator(text: string): string[] {
  return [/^[._-]$|^\/$/.test(text) ? text : LEFT_OUT];
}

function knownParts(hump: string): string[] {
  if (hump === "") return [];
  if (isKnownWord(hump.toLowerCase())) return [hump];
  let at = 0;
  const parts = unglued(hump.toLowerCase()).map((word) => {
    const part = hump.slice(at, at + word.length);
    at += word.length;
    return isKnownWord(word) ? part : LEFT_OUT;
  });
  return parts.length > 1 ? parts : [LEFT_OUT];
}

function isKnownWord(word: string): boolean {
  return word.length > 1 && (isNamingWord(word) || COMMON_WORDS.has(word));
}
