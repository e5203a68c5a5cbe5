import { cut, width } from "../width.ts";

/** Words in lines of so many columns; a word that is longer than a line is cut. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = cut(word, columns);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** `wrap` into two lines, or up to four: later clauses give way first, then words; where something is left out, it ends in `…`. */
export function wrapWithin(text: string, columns: number): string[] {
  const clauses = text.split("; ");
  for (const most of [2, 3, 4]) {
    for (let kept = clauses.length; kept > 0; kept--) {
      const lines = wrap(kept === clauses.length ? text : `${clauses.slice(0, kept).join("; ")} …`, columns);
      if (lines.length <= most) return lines.length === 0 ? [""] : lines;
    }
  }
  const lines = wrap(text, columns);
  return [...lines.slice(0, 3), cut(lines.slice(3).join(" "), columns)];
}

/** Fills up to so many columns with spaces; what is longer is cut. */
export function pad(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + " ".repeat(Math.max(0, columns - width(short)));
}
