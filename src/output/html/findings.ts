import type { Severity } from "../../model/report.ts";
import { grouped } from "../text.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { atLeast } from "./pieces.ts";

/** So many entries stand in a page: more would be slow to open and to search. */
export const LISTED = 400;

/** One entry of a list that unfolds. */
export interface Finding {
  severity: Severity | null;
  /** Numbers that a script sorts by, ascending, by the name of the order. */
  sort: Record<string, number>;
  /** Its line, a part for each column. */
  cells: readonly Part[];
  inside(): Part;
}

/** What stands around the entries. */
export interface ListHead {
  title: string;
  /** False where entries may be missing. */
  complete: boolean;
  /** How its columns are laid out: a class of the page's style. */
  layout: "of-credentials" | "of-findings" | "of-subjects" | "of-adversaries";
  /** The names of the columns. */
  columns: readonly string[];
  /** The column that names the entry. */
  name: number;
  note: string | null;
  /** Orders to choose from besides the report's own, the worst first: the name in `sort`, and its words. */
  sorts: readonly (readonly [name: string, words: string])[];
}

/** Entries that unfold, one piece each; `LISTED` of them at most, and then the page says so. */
export function* findings<T>(items: readonly T[], make: (item: T) => Finding, head: ListHead): Generator<Html> {
  const { title, complete, layout, columns, note } = head;
  if (items.length === 0) return;
  const shown = items.slice(0, LISTED);
  yield markup`<section aria-labelledby="findings">
    <h2 id="findings">${title} <span class="quiet">${atLeast(items.length, complete)}</span></h2>
    ${note === null ? null : markup`<p class="quiet">${note}</p>`}${bounded(shown.length, items.length)}${items.length < 2 ? null : tools(head)}
    <div class="heads ${layout}" aria-hidden="true">${columns.map((column) => markup`<span>${column}</span>`)}</div>
    <ol class="findings ${layout}">
`;
  for (const [at, item] of shown.entries()) yield entry(make(item), at + 1, head);
  yield markup`</ol>${bounded(shown.length, items.length)}
</section>
`;
}

/** Says that not all are listed, and where the rest is; nothing where all are. */
export function bounded(shown: number, all: number): Part {
  if (shown >= all) return null;
  return markup`<p class="bounded">
    The first ${grouped(shown)} of ${grouped(all)} are listed. -o json, csv and markdown have all; -n and names of
    objects narrow it.
  </p>`;
}

function entry({ severity, sort, cells, inside }: Finding, at: number, { columns, name }: ListHead): Html {
  const keys = Object.entries(sort).map(
    ([name, value]) => markup` data-${name}="${Number.isFinite(value) ? value : 0}"`,
  );
  const line = cells.map((cell, column) => {
    const term =
      column === name || columns[column] === "Severity"
        ? null
        : markup`<span class="term-of">${columns[column]!} </span>`;
    return markup`<span class="${column === name ? "named" : columns[column] === "Severity" ? "graded" : "told"}">${term}${cell}</span>`;
  });
  return markup`<li data-at="${at}" data-severity="${severity ?? ""}" ${keys}>
    <details class="finding" id="finding-${at}">
      <summary>${line}</summary>
      <div class="inside">${inside()}</div>
    </details>
  </li> `;
}

/** Hidden until the script has made them work. */
function tools({ sorts }: ListHead): Html {
  const options = sorts.map(([name, words]) => markup`<option value="${name}">${words}</option>`);
  return markup`<form class="tools" role="search" aria-label="Filter and order" hidden="" autocomplete="off"><label>Filter <input type="search" name="filter" autocomplete="off" spellcheck="false"/></label><label${sorts.length === 0 ? markup` hidden=""` : null}>Order <select name="order"><option value="">as reported</option>${options}</select></label><span class="levels"></span><button type="button" name="all">Unfold all</button><output aria-live="polite"></output></form>`;
}
