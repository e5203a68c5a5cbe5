import type { GoesAway } from "../../model/report.ts";
import type { Time } from "../../model/object.ts";
import { count } from "../text.ts";
import { cut, width } from "../width.ts";
import type { ViewOptions } from "../view.ts";
import { untilCell } from "./findings.ts";
import { objectWithNamespace } from "./names.ts";

const SHOWN = 3;

/** Evidence that disappears in the next hour, a line each, and the hold that keeps it, where the cluster can be asked. */
export function goesAwayLines(items: readonly GoesAway[], now: Time, options: ViewOptions): string[] {
  if (items.length === 0) return [];
  const lines = items.slice(0, SHOWN).map((one) => lineOf(one, now, options));
  if (items.length > SHOWN) lines.push(`GOES AWAY SOON   and ${count(items.length - SHOWN, "more object")}`);
  return options.live ? [...lines, ...holdLines(items, options)] : lines;
}

function lineOf(
  { object, deletesAt, isBound, assumes, why, carries, hold }: GoesAway,
  now: Time,
  options: ViewOptions,
): string {
  const holds = carries === 0 ? "" : `, ${count(carries, "credential")}`;
  const when = untilCell(deletesAt, "various", now, { closesIsBound: isBound, closesAssumes: assumes });
  const kept = hold === null ? ", cannot be held" : "";
  const fact = `GOES AWAY SOON   ${objectWithNamespace(object)}${holds}: ${when}${kept}`;
  const line = `${fact} (${why})`;
  // Only the reason is cut: without the time the line says nothing.
  return options.wide ? line : width(fact) < options.width - 3 ? cut(line, options.width) : fact;
}

/** Each once; of many the first, and the one that holds everything. */
function holdLines(items: readonly GoesAway[], options: ViewOptions): string[] {
  const holds = [...new Set(items.flatMap(({ hold }) => (hold === null ? [] : [hold])))];
  const shown = holds.length > SHOWN ? [...holds.slice(0, SHOWN - 1), "hold --all"] : holds;
  return shown.map((args) => `${args === "hold --all" ? "Hold everything" : "Hold it"}: ${options.command(args)}`);
}
