import { width } from "../width.ts";
import { wrapWithin } from "./wrap.ts";

/** A remark about one column of a bar. */
export interface Note {
  column: number;
  text: string;
}

/** Columns between two remarks on one line. */
const gap = 2;
/** So many lines more are worth a remark that is whole, by how the cut one ends. */
const costs: [end: RegExp, lines: number][] = [
  [/ …$/, 1],
  [/…$/, 3],
];

/** What hangs by one column. */
interface Hanging {
  column: number;
  texts: string[];
}

interface Placed {
  column: number;
  row: number;
  lines: string[];
  /** True where the text stands left of its column, and ends at it. */
  before: boolean;
}

interface Layout {
  placed: Placed[];
  rows: number;
  cost: number;
}

/**
 * Lines under a bar that say what its columns are, each in at most `room` columns. Remarks to the left of some column
 * end at their own (`text ┘`), the leftmost first; those to the right begin there (`└ text`), the rightmost first. So
 * no thread crosses a text, wherever that column is; it is where the remarks take least room.
 */
export function placeNotes(notes: readonly Note[], room: number): string[] {
  const sorted = united(notes);
  let best = layoutOf(sorted, 0, room);
  for (let turn = 1; turn <= sorted.length && sorted[turn - 1]!.column > gap; turn++) {
    const next = layoutOf(sorted, turn, room);
    if (next.cost < best.cost) best = next;
  }
  return Array.from({ length: best.rows }, (_, row) => lineOf(best.placed, row));
}

/** The first `turn` remarks before their columns, the others after them. */
function layoutOf(notes: readonly Hanging[], turn: number, room: number): Layout {
  const before = sideOf(notes.slice(0, turn), true, ({ column }) => column - 1);
  const after = sideOf(notes.slice(turn).reverse(), false, ({ column }) => room - column - 2);
  const placed = [...before, ...after.reverse()];
  const rows = placed.reduce((most, { row, lines }) => Math.max(most, row + lines.length), 0);
  return { placed, rows, cost: placed.reduce((sum, { lines }) => sum + costOf(lines), rows) };
}

function costOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + (costs.find(([end]) => end.test(line))?.[1] ?? 0), 0);
}

/** Remarks of one side from the outermost inwards, each below the last, or beside it where there is room for both. */
function sideOf(notes: readonly Hanging[], before: boolean, roomOf: (note: Hanging) => number): Placed[] {
  const placed: Placed[] = [];
  let bottom = 0;
  for (const note of notes) {
    const { column, texts } = note;
    const last = placed.at(-1);
    const lines = texts.flatMap((text) => wrapWithin(text, Math.max(1, roomOf(note))));
    const beside =
      last !== undefined && lines.length === 1 && width(lines[0]!) + 2 + gap <= Math.abs(column - last.column);
    const row = beside ? last.row : bottom;
    placed.push({ column, row, lines, before });
    bottom = Math.max(bottom, row + lines.length);
  }
  return placed;
}

function lineOf(placed: readonly Placed[], row: number): string {
  let line = "";
  let used = 0;
  for (const note of placed) {
    const text = piece(note, row);
    if (text === null) continue;
    const start = note.before && row >= note.row ? note.column + 1 - width(text) : note.column;
    line += " ".repeat(Math.max(0, start - used)) + text;
    used = start + width(text);
  }
  return line.trimEnd();
}

/** What a remark shows in a row: the thread it hangs by, its beginning, or more of it. */
function piece({ row: first, lines, before }: Placed, row: number): string | null {
  if (row < first) return "│";
  const text = lines[row - first];
  if (text === undefined) return null;
  if (before) return `${text} ${row === first ? "┘" : " "}`;
  return `${row === first ? "└" : " "} ${text}`;
}

/** In the order of columns; what is about one column hangs together. */
function united(notes: readonly Note[]): Hanging[] {
  return [...Map.groupBy(notes, ({ column }) => column)]
    .sort(([a], [b]) => a - b)
    .map(([column, same]) => ({ column, texts: same.map(({ text }) => text) }));
}
