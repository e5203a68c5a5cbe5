import { evaluate } from "../jsonpath/evaluate.ts";
import { goText } from "../jsonpath/print.ts";
import { safe } from "../text.ts";
import { width } from "../width.ts";
import type { CustomColumn } from "./read.ts";

/** kubectl's: the least width of a column, and what stands between two. */
const least = 6;
const gap = 3;

/**
 * Lines of a table with a row for each item, as kubectl lays them out. Items are evaluated twice, so that a large report
 * never stands in memory as text. Throws TemplateError before the first line.
 */
export function* columnLines(
  columns: readonly CustomColumn[],
  items: readonly unknown[],
  headers: boolean,
): Generator<string> {
  const head = columns.map(({ header }) => safe(header));
  const widths = columns.map(() => least);
  const measure = (cells: string[]): void => {
    for (const [at, cell] of cells.entries()) widths[at] = Math.max(widths[at]!, width(cell) + gap);
  };
  if (headers) measure(head);
  for (const item of items) measure(cellsOf(columns, item));
  const line = (cells: string[]): string =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : cell + " ".repeat(widths[at]! - width(cell)))).join("");
  if (headers) yield line(head);
  for (const item of items) yield line(cellsOf(columns, item));
}

function cellsOf(columns: readonly CustomColumn[], item: unknown): string[] {
  return columns.map(({ path }) => {
    const found = evaluate(path, item);
    const texts = found.flatMap(({ values }) => values.map((value) => safe(goText(value))));
    if (found.length === 0 || found[0]!.values.length === 0) texts.unshift("<none>");
    return texts.join(",");
  });
}
