import type { CredentialHistory, HistoryValue } from "../../model/report.ts";
import { utc } from "../age.ts";
import { cellText, count } from "../text.ts";
import { axisOf } from "../timeline/axis.ts";
import { entriesIn } from "../timeline/legend.ts";
import { columnOf, type Scale } from "../timeline/scale.ts";
import { pad } from "../timeline/wrap.ts";
import type { ViewOptions } from "../view.ts";
import { objectName } from "./names.ts";
import type { FactLine } from "./replay-facts.ts";

/** Columns before these lines, and between a name and its row. */
const INDENT = 4;
const GAP = 2;
/** Columns where a format has no width, as markdown. */
const UNBOUNDED = 100;
/** Columns that names get at most, and that a row of runs needs at least. */
const NAMES = 28;
const ROW = 20;
const HOUR = 3_600_000;
const NOW = "now";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SAME = "─";
const ROTATED = "·";
const SEVERAL = "*";

/** The history that retained runs tell: a row for each credential on one time axis, then its values with their runs. */
export function historyLines(
  histories: readonly CredentialHistory[],
  { now, options }: { now: string; options: Pick<ViewOptions, "width"> },
): FactLine[] {
  if (histories.length === 0) return [];
  const names = histories.map(({ name }) => cellText(name));
  const left = Math.min(NAMES, Math.max(12, ...names.map((name) => name.length)));
  const columns = Number.isFinite(options.width) ? options.width : UNBOUNDED;
  const room = Math.max(ROW, columns - INDENT - left - GAP);
  const scale = scaleFor(histories, Date.parse(now), room);
  const drawn = new Set<string>();
  const rows = histories.map((history, at) => {
    const row = rowOf(history, scale);
    for (const glyph of row) drawn.add(glyph);
    return pad(names[at]!, left) + " ".repeat(GAP) + row;
  });
  const [labels, ruler] = axisOf(scale);
  return [
    pad("HISTORY", left) + " ".repeat(GAP) + labels,
    pad("dates in UTC", left) + " ".repeat(GAP) + ruler,
    ...rows,
    ...entriesIn(legend(drawn), Math.max(ROW, columns - INDENT)),
    ...histories.flatMap(valueLines),
  ];
}

/** From the first run to now, with room for the word at the end. */
function scaleFor(histories: readonly CredentialHistory[], now: number, columns: number): Scale {
  const times = histories.flatMap(({ runs }) => runs.map(({ at }) => Date.parse(at))).filter(Number.isFinite);
  const first = Math.min(now - HOUR, ...times);
  const past = columns - NOW.length;
  return { now, step: (now - first) / past, past, future: NOW.length - 1 };
}

/** Each run's letter in its column, what was the same between two runs, and where it was changed. */
function rowOf({ runs, values }: CredentialHistory, scale: Scale): string {
  const row = new Array<string>(scale.past).fill(" ");
  const inOrder = runs.map(({ at, value }) => ({ column: placeOf(at, scale), value }));
  inOrder.sort((a, b) => a.column - b.column);
  for (const [index, { column, value }] of inOrder.entries()) {
    const before = inOrder[index - 1];
    const letter = letterOf(value, values.length);
    if (before === undefined) row[column] = letter;
    else {
      const between = before.value === value ? SAME : ROTATED;
      for (let at = before.column + 1; at < column; at++) row[at] = between;
      row[column] = before.column === column && row[column] !== letter ? SEVERAL : letter;
    }
  }
  return `${row.join("")}│`;
}

/** The column of a run; a clock that was ahead of the evidence's must not push it past now. */
function placeOf(at: string, scale: Scale): number {
  const time = Date.parse(at);
  return Number.isFinite(time) ? Math.min(scale.past - 1, Math.max(0, columnOf(time, scale))) : 0;
}

function letterOf(value: number, of: number): string {
  return of > LETTERS.length ? "x" : LETTERS[value]!;
}

function legend(drawn: ReadonlySet<string>): string[] {
  const parts = [
    ["", "A, B … a run, and its value"],
    [SAME, `${SAME} the same value`],
    [ROTATED, `${ROTATED} rotated in between`],
    [SEVERAL, `${SEVERAL} runs with different values`],
    ["│", "│ now"],
  ];
  return parts.flatMap(([glyph, text]) => (glyph === "" || drawn.has(glyph!) ? [text!] : []));
}

/** `A  3f2a…  9 runs: job/backup-1 (2026-11-01 02:00:00 UTC) to job/backup-9 (…)`. */
function valueLines({ name, kind, field, values, rotations }: CredentialHistory): FactLine[] {
  return [
    `${name} (${kind}) at ${field}: ${count(values.length, "value")}, ${count(rotations, "rotation")}`,
    ...values.map((value, at) => `  ${letterOf(at, values.length)}  ${valueText(value)}`),
  ];
}

function valueText({ fingerprint, firstRun, firstAt, lastRun, lastAt, runs }: HistoryValue): string {
  const first = `${objectName(firstRun)} (${utc(firstAt)})`;
  const to = firstRun.uid === lastRun.uid ? "" : ` to ${objectName(lastRun)} (${utc(lastAt)})`;
  return `fingerprint ${fingerprint}, in ${count(runs, "retained object")}: ${first}${to}`;
}
