/** The text with a capital at its beginning and a full stop at its end; names and commands keep their first letter. */
export function sentence(text: string): string {
  const first = /^(?!kubectl\b)[a-z]+(?=[ ,:])/.exec(text)?.[0];
  const begun = first === undefined ? text : `${first[0]!.toUpperCase()}${text.slice(1)}`;
  return ended(begun);
}

/** The text with a full stop at its end, unless it has an end already. */
export function ended(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

/**
 * The longest part of the text, cut where a clause ends, that takes so many characters. Where that would leave little it is
 * cut after a word, which `…` shows.
 */
export function firstClause(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const ends = [...text.matchAll(/[:;,] /g)].map(({ index }) => index).filter((end) => end <= longest);
  const end = ends.at(-1) ?? 0;
  return end * LEAST_SHARE >= longest ? text.slice(0, end) : `${wholeWords(text.slice(0, longest))}…`;
}

/** A clause that takes less than one part in so many says too little. */
const LEAST_SHARE = 3;

/** Without the last word, which may be a part of one, and without what only leads to it. */
function wholeWords(text: string): string {
  const words = text.split(" ").slice(0, -1);
  while (LEADING.has(words.at(-1) ?? "")) words.pop();
  return words.join(" ").replace(/[,:;]$/, "");
}

const LEADING = new Set([
  "a",
  "an",
  "and",
  "as",
  "but",
  "by",
  "for",
  "in",
  "its",
  "of",
  "on",
  "or",
  "that",
  "the",
  "to",
  "with",
]);
