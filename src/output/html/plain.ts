import type { Report } from "../../model/report.ts";
import { grouped } from "../text.ts";
import type { Cell, View, ViewOptions } from "../view.ts";
import { viewOf } from "../views/index.ts";
import { bounded } from "./findings.ts";
import { linesOf } from "./lines.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { plainWord, severityMark } from "./pieces.ts";
import { titleOf } from "./truth.ts";

/** So many rows of a table stand in a page. */
const ROWS = 2000;

/** A report as its table with every column, and what stands around it. */
export function* plainPage(report: Report, options: ViewOptions): Generator<Html> {
  const view = viewOf(report, options);
  yield* around("In short", view.before, options);
  yield* tableSection(titleOf(report), view);
  yield* around("What follows", view.after, options);
}

/** Lines with a heading; nothing where there are none. */
export function* around(title: string, lines: readonly string[], options: ViewOptions): Generator<Html> {
  if (lines.every((line) => line === "")) return;
  const id = `lines-${title.toLowerCase().replaceAll(" ", "-")}`;
  yield markup`<section class="around" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${linesOf(lines, options)}
  </section> `;
}

function* tableSection(title: string, { columns, rows }: View): Generator<Html> {
  if (rows.length === 0) return;
  yield markup`<section aria-labelledby="table">
    <h2 id="table">${title} <span class="quiet">${grouped(rows.length)}</span></h2>
`;
  yield markup`${bounded(Math.min(ROWS, rows.length), rows.length)}
    <div class="scroll" role="group" tabindex="0" aria-label="${title}">
      <table>
        <caption class="unseen">
          ${title}
        </caption>
        <thead>
          <tr>
            ${columns.map(({ header }) => markup`<th scope="col">${header === "" ? "#" : sentenceCase(header)}</th>`)}
          </tr>
        </thead>
        <tbody>
`;
  for (const row of rows.slice(0, ROWS))
    yield markup`<tr>
      ${row.map((cell) => markup`<td><div class="fit">${cellOf(cell)}</div></td>`)}
    </tr> `;
  yield markup`</tbody></table></div></section>
`;
}

function cellOf(cell: Cell): Part {
  if (typeof cell === "string") return plainWord(cell);
  return cell.text === cell.severity
    ? severityMark(cell.severity)
    : markup`<b class="level ${cell.severity}">${cell.text}</b>`;
}

/** `UNTIL, BECAUSE` as a heading of a page has it. */
function sentenceCase(header: string): string {
  return /^[A-Z &,]+$/.test(header) && header !== "ATT&CK" ? header.charAt(0) + header.slice(1).toLowerCase() : header;
}
