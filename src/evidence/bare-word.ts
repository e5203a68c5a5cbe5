const OPENING = "([{<";
const CLOSING = ".,;:!?)]}>";

/** A word without the brackets before it and the punctuation after it, in one pass from either end. */
export function bareWord(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && OPENING.includes(word[start]!)) start++;
  while (end > start && CLOSING.includes(word[end - 1]!)) end--;
  return word.slice(start, end);
}
