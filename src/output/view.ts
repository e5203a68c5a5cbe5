import type { Severity } from "../model/report.ts";
import type { RenderOptions } from "./format.ts";

/** One column of a table. */
export interface Column {
  header: string;
  /** Shown with -o wide only. */
  wide?: boolean;
  /** May be cut down to so many columns where the terminal is narrow; for sentences, never for names. */
  shrinkTo?: number;
  /** Gives way before the other columns that may. */
  yields?: boolean;
  /** What stands in the last parentheses, a namespace, stays when a cell is cut. */
  keepsPlace?: boolean;
  /** Is left out where even the cut columns do not fit; the highest number first. */
  drops?: number;
}

/** Text of one cell; with a severity it is coloured. */
export type Cell = string | { text: string; severity: Severity };

/** What a view needs to know of the output. */
export interface ViewOptions extends RenderOptions {
  /** True for -o wide: nothing is folded. */
  wide: boolean;
}

/** A report as people read it: what table and wide print. */
export interface View {
  before: string[];
  columns: Column[];
  /** One cell for each column, wide ones included. */
  rows: Cell[][];
  /** Stands in the place of the table: lines that are fitted to the width and safe to print as they are. */
  picture?: Iterable<string>;
  after: string[];
}
