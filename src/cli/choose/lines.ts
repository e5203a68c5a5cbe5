import type { CleanupItem } from "../../model/cleanup.ts";
import type { Severity } from "../../model/report.ts";
import { humanDuration } from "../../output/age.ts";
import { paint } from "../../output/color.ts";
import { count, grouped, safe } from "../../output/text.ts";
import { cut, width } from "../../output/width.ts";
import type { ItemRow, OwnerRow, Row } from "./rows.ts";
import type { State } from "./state.ts";

/** Widths of the columns, for all rows, so that nothing moves while the list does. */
export interface Columns {
  /** Of the whole line. */
  line: number;
  name: number;
  state: number;
  age: number;
  along: number;
}

/** Signs at the end of a name that tell Jobs of one CronJob apart. */
const TAIL = 13;

const WHY_LEAST = 15;

/** Fits the columns to the screen; names give way first. */
export function columnsFor(rows: readonly Row[], line: number): Columns {
  const most = { name: 8, state: 5, age: 3, along: 1 };
  for (const row of rows) {
    if (row.kind !== "item") continue;
    most.name = Math.max(most.name, width(row.title));
    most.state = Math.max(most.state, width(row.item.state));
    most.age = Math.max(most.age, width(ageText(row.item)));
    most.along = Math.max(most.along, width(alongText(row.item)));
  }
  const rest = line - 7 - most.state - most.age - most.along - 6;
  return { ...most, line, name: Math.max(12, Math.min(most.name, line < 120 ? rest : rest - 30)) };
}

/** One row of the list. */
export function rowLine(state: State, place: number, columns: Columns, color: boolean): string {
  const at = state.shown[place]!;
  const row = state.rows[at]!;
  const mark = place === state.cursor ? ">" : " ";
  if (row.kind === "owner") return cut(`${mark} ${row.title}  ${chosenText(row, state)}`, columns.line);
  const { item, title } = row;
  const cells = [
    padded(cutMiddle(title, columns.name), columns.name),
    padded(item.state, columns.state),
    padded(ageText(item), columns.age),
    padded(alongText(item), columns.along),
  ];
  const start = `${mark} ${box(row, state.chosen.has(at))} ${cells.join("  ")}`;
  const rest = columns.line - width(start) - 2;
  // A reason that is cut to a word says nothing; it stands below the list as well.
  const line = cut(
    rest < WHY_LEAST ? start.trimEnd() : `${start}  ${cut(whyText(item), rest)}`.trimEnd(),
    columns.line,
  );
  const severity = severityOf(item);
  return severity === null ? line : paint(line, severity, color);
}

/** What needs a choice of its own is the risk here; what cannot be chosen stands back. */
function severityOf({ decision }: CleanupItem): Severity | null {
  return decision === "choose" ? "medium" : decision === "refuse" ? "info" : null;
}

function box({ item }: ItemRow, isChosen: boolean): string {
  if (item.decision === "refuse") return " - ";
  return isChosen ? "[x]" : "[ ]";
}

function chosenText({ items }: OwnerRow, { chosen }: State): string {
  return `${grouped(items.filter((at) => chosen.has(at)).length)} of ${grouped(items.length)}`;
}

/** Why it is not simply chosen; empty for what is safe. */
export function whyText({ decision, refusedBecause, needsBecause }: CleanupItem): string {
  if (decision === "refuse") return safe(`refused: ${refusedBecause ?? ""}`);
  return decision === "choose" ? safe(needsBecause ?? "") : "";
}

/** As in the plan: `<3d` where it is an upper bound. */
export function ageText({ ageSeconds, ageIsBound }: CleanupItem): string {
  return ageSeconds === null ? "<unknown>" : `${ageIsBound ? "<" : ""}${humanDuration(ageSeconds)}`;
}

function alongText({ dependents }: CleanupItem): string {
  const pods = dependents.filter(({ resource }) => resource.group === "" && resource.resource === "pods").length;
  const others = dependents.length - pods;
  const parts = [
    ...(pods === 0 ? [] : [`+${count(pods, "pod")}`]),
    ...(others === 0 ? [] : [`+${grouped(others)} more`]),
  ];
  return parts.length === 0 ? "-" : parts.join(" ");
}

/** Cuts out of the middle, because what tells names apart stands at their end. */
export function cutMiddle(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  // Names of objects are ASCII; whatever else stands there is cut at its end.
  const tail = Math.min(TAIL, Math.floor(columns / 2));
  if (width(text) !== text.length || columns < 4) return cut(text, columns);
  return `${text.slice(0, columns - tail - 1)}…${text.slice(-tail)}`;
}

function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - width(text)));
}
