import type { CleanupPlan, EndsTogether } from "../../model/cleanup.ts";
import { headerLine } from "../../output/header.ts";
import { grouped, safe } from "../../output/text.ts";
import { cut } from "../../output/width.ts";
import { detailLines } from "./details.ts";
import { columnsFor, rowLine, whyText, type Columns } from "./lines.ts";
import { chosenItems, current, type State } from "./state.ts";
import { endsParts, goingText } from "./totals.ts";
import { wrapAll, wrapInto } from "./wrap.ts";

/** Columns and rows of the screen. */
export interface Size {
  columns: number;
  rows: number;
}

/** What the screen is drawn from besides the state. */
export interface Given {
  plan: CleanupPlan;
  tally: (uids: ReadonlySet<string>) => EndsTogether;
  color: boolean;
}

const LIST_KEYS = "space choose · a all · / filter · d details · enter go · q leave · ? help";
const FILTER_KEYS = "type to narrow · enter keep · esc all again";
const DETAIL_KEYS = "space choose · j k scroll · esc back";

const HELP = [
  "Keys",
  "",
  "  up down, k j       one line            PageUp PageDown   one page",
  "  Home End, g G      first, last         /                 filter, word by word",
  "  space, x           choose or give up; on an owner's line all of its",
  "  a                  all that may go without harm, or none; with a filter,",
  "                     of what it leaves",
  "  d, right           details: what goes along, and what it ends",
  "  enter              go on; nothing is deleted before you confirm it",
  "  q, esc, Ctrl-C     leave; nothing is deleted",
  "",
  "  [x]  chosen",
  "  [ ]  not chosen; it may need a choice of its own, for the reason beside it",
  "   -   refused, for the reason beside it",
  "",
  "Any key goes back.",
];

/** Lines that the list, the details or the help have, under the header and above the footer. */
export function bodyHeight({ columns, rows }: Size): number {
  return Math.max(1, rows - 3 - totalLines(columns));
}

/** Lines of the item under the cursor, as the details show them. */
export function detailsOf(state: State, plan: CleanupPlan, { columns }: Size): string[] {
  const row = current(state);
  return row?.kind === "item" ? wrapAll(detailLines(row.item, plan), columns - 1) : [];
}

/** Draws screens; what is the same for all rows is worked out once for each width, and totals once for each choice. */
export function painter({ plan, tally, color }: Given): (state: State, size: Size) => string[] {
  let columns: Columns | null = null;
  let totals: { of: State["chosen"]; text: string } | null = null;
  return (state, size) => {
    const line = Math.max(20, size.columns - 1);
    if (columns?.line !== line) columns = columnsFor(state.rows, line);
    if (totals?.of !== state.chosen) totals = { of: state.chosen, text: totalText(state, tally) };
    const height = bodyHeight(size);
    const body = bodyLines(state, { plan, columns, color, height });
    const lines = [
      cut(safe(headerLine(plan)), line),
      ...body.slice(0, height),
      ...Array<string>(Math.max(0, height - body.length)).fill(""),
      cut(statusLine(state, height), line),
      ...wrapInto(totals.text, line, totalLines(size.columns)),
    ];
    // The last line is never empty and never full: either would scroll the screen.
    return [...lines.slice(0, Math.max(0, size.rows - 1)), cut(keysOf(state), line)];
  };
}

function bodyLines(
  state: State,
  { plan, columns, color, height }: { plan: CleanupPlan; columns: Columns; color: boolean; height: number },
): string[] {
  if (state.mode === "help") return HELP.map((line) => cut(line, columns.line));
  if (state.mode === "details") {
    return detailsOf(state, plan, { columns: columns.line + 1, rows: height }).slice(
      state.scroll,
      state.scroll + height,
    );
  }
  if (state.shown.length === 0) return ["", "  Nothing matches the filter."];
  const end = Math.min(state.shown.length, state.top + height);
  return Array.from({ length: end - state.top }, (_, at) => rowLine(state, state.top + at, columns, color));
}

function totalText(state: State, tally: Given["tally"]): string {
  const items = chosenItems(state);
  if (items.length === 0) return "Nothing is chosen.";
  const uids = new Set(items.map(({ object }) => object.uid ?? ""));
  return [`Chosen: ${goingText(items)}`, ...endsParts(tally(uids))].join("; ");
}

function totalLines(columns: number): number {
  return columns < 80 ? 3 : columns < 160 ? 2 : 1;
}

/** The filter, what was said, or why the row under the cursor is not simply chosen; else how much is out of sight. */
function statusLine(state: State, height: number): string {
  const { filter, mode, shown, rows, top } = state;
  const row = current(state);
  if (mode === "details" || mode === "help") return state.message;
  const why = row?.kind === "item" ? whyText(row.item) : "";
  const said = [state.message, why].filter((text) => text !== "").join(" ");
  if (mode === "filter") return `/${safe(filter)}_  ${matchText(state)}`;
  if (said !== "") return said;
  if (filter !== "") return `/${safe(filter)}  ${matchText(state)}; esc shows all again`;
  if (shown.length <= height) return "";
  return `lines ${grouped(top + 1)}-${grouped(Math.min(shown.length, top + height))} of ${grouped(rows.length)}`;
}

function matchText({ rows, shown }: State): string {
  const items = shown.filter((at) => rows[at]!.kind === "item").length;
  const all = rows.filter(({ kind }) => kind === "item").length;
  return `${grouped(items)} of ${grouped(all)}`;
}

function keysOf({ mode }: State): string {
  return { list: LIST_KEYS, filter: FILTER_KEYS, details: DETAIL_KEYS, help: "any key goes back" }[mode];
}
