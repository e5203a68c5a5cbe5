/** A set of ASCII characters; everything else is outside. */
export type CharacterSet = Uint8Array;

/** Makes a set from single characters and from ranges such as `a-z`; a hyphen that is meant as such stands last. */
export function characters(spec: string): CharacterSet {
  const set = new Uint8Array(128);
  for (let i = 0; i < spec.length; i++) {
    const from = spec.charCodeAt(i);
    const isRange = spec[i + 1] === "-" && i + 2 < spec.length;
    const to = isRange ? spec.charCodeAt(i + 2) : from;
    for (let code = from; code <= to; code++) set[code] = 1;
    if (isRange) i += 2;
  }
  return set;
}

export const ALPHANUMERIC = characters("A-Za-z0-9");
export const BASE64 = characters("A-Za-z0-9+/=");
export const BASE64URL = characters("A-Za-z0-9_-");
export const HEX = characters("A-Fa-f0-9");

/** True when the character at `index` is in the set. */
export function isIn(set: CharacterSet, text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code < 128 && set[code] === 1;
}

/** The end of the run of characters of `set` that begins at `start`, at most `limit` characters later. */
export function runEnd(set: CharacterSet, text: string, start: number, limit = Infinity): number {
  const stop = Math.min(text.length, start + limit);
  let end = start;
  while (end < stop && isIn(set, text, end)) end++;
  return end;
}

/** True when all of the text, and at least one character, is in the set. */
export function isAll(set: CharacterSet, text: string): boolean {
  return text.length > 0 && runEnd(set, text, 0) === text.length;
}

/** Shannon entropy in bits per character of the first 256 characters. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  const sample = text.slice(0, 256);
  for (const character of sample) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / sample.length) * Math.log2(count / sample.length);
  return bits;
}

/** A word, a number, a word with a number after it, and a number with a unit: what people join with signs. */
const PIECE = /^(([a-z]{1,64}|[A-Z]{1,64}|[A-Z][a-z]{1,64})\d{0,4}|\d{1,8}[a-z]{0,2}|[a-z]\d{1,2}[a-z])$/;

/** `monthly-invoices-2024`, `logs-prod-2024.01.01`: words with a date, a size or a version. */
function isWordsWithNumbers(text: string): boolean {
  if (text.length > 128 || !/[-_.]/.test(text) || !/[a-z]{3}|[A-Z]{3}/.test(text)) return false;
  return text.split(/[-_.]/).every((piece) => PIECE.test(piece));
}

/** True for what a generator writes and people do not: long, mixed or hexadecimal, without spaces. */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || /\s/.test(text)) return false;
  if (isAll(HEX, text)) return text.length >= 32 && entropy(text) > 2.5;
  if (!/[0-9]/.test(text) || !/[A-Za-z]/.test(text) || isWordsWithNumbers(text)) return false;
  return entropy(text) >= 3.2;
}
