import Table from "cli-table3";
import { paint } from "./color.ts";
import { cellText, cut, width } from "./text.ts";
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

/** Lays rows out as kubectl does: upper-case headers, three spaces between columns, nothing drawn. Yields lines. */
export function* tableLines(columns: Column[], rows: Cell[][], layout: Layout): Generator<string> {
  const texts = rows.map((row) => row.map((cell) => cellText(typeof cell === "string" ? cell : cell.text)));
  const widths = fit(columns, texts, layout);
  if (layout.headers) yield* lines([columns.map((column) => column.header)], widths);
  for (let start = 0; start < rows.length; start += block) {
    const part = texts.slice(start, start + block).map((row, at) =>
      row.map((text, column) => {
        const cell = rows[start + at]![column]!;
        const short = cut(text, widths[column]!);
        return typeof cell === "string" ? short : paint(short, cell.severity, layout.color);
      }),
    );
    yield* lines(part, widths);
  }
}

/** Natural widths, from which columns that may shrink give way until the line fits: those that yield, then the widest. */
function fit(columns: Column[], texts: string[][], layout: Layout): number[] {
  const widths = columns.map((column, at) =>
    texts.reduce((most, row) => Math.max(most, width(row[at]!)), layout.headers ? width(column.header) : 1),
  );
  let over = widths.reduce((sum, each) => sum + each, 0) + gap * (columns.length - 1) - layout.width;
  while (over > 0) {
    const candidates = columns.keys().filter((at) => widths[at]! > (columns[at]!.shrinkTo ?? Infinity));
    const [next] = [...candidates].sort(
      (a, b) => Number(columns[b]!.yields ?? false) - Number(columns[a]!.yields ?? false) || widths[b]! - widths[a]!,
    );
    if (next === undefined) break;
    widths[next]!--;
    over--;
  }
  return widths;
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
