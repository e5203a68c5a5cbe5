import { cut, width } from "../../output/width.ts";

/** How far the second and further lines of a text are set in. */
const INDENT = "    ";

/** A text in as many lines as it needs, broken between words; a word that is longer than a line is broken as well. */
export function wrap(text: string, columns: number, indent = ""): string[] {
  if (width(text) <= columns) return [text];
  const made: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => pieces(one, columns - indent.length))) {
    const joined = line === "" && made.length === 0 ? word : `${line} ${word}`;
    if (line !== "" && width(joined) > columns) {
      made.push(line);
      line = indent + word;
    } else line = joined;
  }
  return [...made, line];
}

/** `wrap`, in so many lines: empty ones at the end, and what does not fit is cut. */
export function wrapInto(text: string, columns: number, lines: number): string[] {
  const made = wrap(text, columns);
  const last = made.slice(lines - 1).join(" ");
  return Array.from({ length: lines }, (_, at) => (at === lines - 1 ? cut(last, columns) : (made[at] ?? "")));
}

/** `wrap` for each of several lines, with what is broken set in. */
export function wrapAll(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => wrap(line, columns, INDENT));
}

function pieces(word: string, columns: number): string[] {
  if (width(word) <= columns) return [word];
  const made = [""];
  for (const sign of word) {
    if (width(made.at(-1)! + sign) > columns) made.push("");
    made[made.length - 1] += sign;
  }
  return made;
}
