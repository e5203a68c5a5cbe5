import { width } from "../width.ts";
import { GLYPHS } from "./bar.ts";

const meanings: [string, string][] = [
  [GLYPHS.used, "up to its last use"],
  [GLYPHS.rest, "at rest"],
  [GLYPHS.projected, "projected"],
  [GLYPHS.maybe, "perhaps (not before … proved by)"],
  [GLYPHS.end, "closes"],
  [GLYPHS.latest, "closes then at the latest"],
  [GLYPHS.earliest, "closes then at the earliest"],
  [GLYPHS.open, "no end known"],
  [GLYPHS.unreadable, "unreadable end"],
  [GLYPHS.earlier, "began earlier"],
  [GLYPHS.later, "ends later"],
];

/** What the glyphs that were drawn mean, in lines of at most so many columns. */
export function legendOf(drawn: ReadonlySet<string>, columns: number): string[] {
  const entries = meanings.flatMap(([glyph, meaning]) => (drawn.has(glyph) ? [`${glyph} ${meaning}`] : []));
  return entriesIn(entries, columns);
}

/** Entries of a legend, as many on a line as fit. */
export function entriesIn(entries: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + 3 + width(entry) <= columns) lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(entry);
  }
  return lines;
}
