import Table from "cli-table3";
import { paint } from "./color.ts";
import { cellText } from "./text.ts";
import { cut, cutAroundPlace, width } from "./width.ts";
import type { Cell, Column } from "./view.ts";

const gap = 3;
/** cli-table3 takes quadratic time in the number of rows, so it gets them in blocks. */
const block = 40;

const none = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "" },
};

/** How a table is laid out: the terminal's columns, colour, and whether the header line is wanted. */
export interface Layout {
  width: number;
  color: boolean;
  headers: boolean;
}

/** A table as lines, and the headers of the columns that the width leaves no room for. */
export interface LaidOut {
  lines: Iterable<string>;
  leftOut: string[];
}

/** Lays rows out as kubectl does: upper-case headers, three spaces between columns, nothing drawn. */
export function layTable(columns: Column[], rows: Cell[][], layout: Layout): LaidOut {
  const texts = rows.map((row) => row.map((cell) => cellText(typeof cell === "string" ? cell : cell.text)));
  const natural = columns.map((column, at) =>
    texts.reduce((most, row) => Math.max(most, width(row[at]!)), layout.headers ? width(cellText(column.header)) : 1),
  );
  const shown = shownColumns(columns, natural, layout.width);
  const widths = fit(columns, natural, shown, layout.width);
  return {
    lines: tableLines(columns, rows, { texts, shown, widths, layout }),
    leftOut: columns.flatMap(({ header }, at) => (shown.includes(at) ? [] : [header])),
  };
}

function* tableLines(
  columns: Column[],
  rows: Cell[][],
  { texts, shown, widths, layout }: { texts: string[][]; shown: number[]; widths: number[]; layout: Layout },
): Generator<string> {
  const columnWidths = shown.map((at) => widths[at]!);
  if (layout.headers) yield* lines([shown.map((at) => cellText(columns[at]!.header))], columnWidths);
  for (let start = 0; start < rows.length; start += block) {
    const part = texts.slice(start, start + block).map((row, offset) =>
      shown.map((at) => {
        const cell = rows[start + offset]![at]!;
        const short = (columns[at]!.keepsPlace ? cutAroundPlace : cut)(row[at]!, widths[at]!);
        return typeof cell === "string" ? short : paint(short, cell.severity, layout.color);
      }),
    );
    yield* lines(part, columnWidths);
  }
}

/** All columns, without those that drop out until the rest can be cut to the width. */
function shownColumns(columns: Column[], natural: number[], room: number): number[] {
  const shown = [...columns.keys()];
  const least = (at: number): number => Math.min(natural[at]!, columns[at]!.shrinkTo ?? Infinity);
  while (total(shown.map(least)) > room) {
    const rank = (at: number): number => columns[at]!.drops ?? 0;
    const next = shown.reduce((a, b) => (rank(b) > rank(a) ? b : a));
    if (rank(next) === 0) break;
    shown.splice(shown.indexOf(next), 1);
  }
  return shown;
}

/** Natural widths, from which columns that may shrink give way until the line fits: those that yield, then the widest. */
function fit(columns: Column[], natural: number[], shown: number[], room: number): number[] {
  const widths = [...natural];
  let over = total(shown.map((at) => widths[at]!)) - room;
  while (over > 0) {
    const candidates = shown.filter((at) => widths[at]! > (columns[at]!.shrinkTo ?? Infinity));
    const [next] = candidates.sort(
      (a, b) => Number(columns[b]!.yields ?? false) - Number(columns[a]!.yields ?? false) || widths[b]! - widths[a]!,
    );
    if (next === undefined) break;
    widths[next]!--;
    over--;
  }
  return widths;
}

/** Columns of a terminal that so wide columns take with the gaps between them. */
function total(widths: number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + gap * (widths.length - 1);
}

function lines(rows: string[][], widths: number[]): string[] {
  const table = new Table({
    chars: none,
    colWidths: widths.map((each) => each + gap),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": gap },
    truncate: "…",
  });
  table.push(...rows);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
