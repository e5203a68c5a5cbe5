import { columnsOf, type Scale } from "./scale.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Distances between ticks that read well, in milliseconds. */
export const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 5, 10, 20, 30, 60, 90, 180].map((n) => n * day),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((n) => n * 365 * day),
];

/** A tick stands so many columns from the next at least, so that both its labels fit; with years they are longer. */
const apart = (step: number): number => (step >= 60 * day ? 11 : 9);

/** Two lines over the bars: how far from now, and at which date or time of day (UTC). */
export function axisOf(scale: Scale): [string, string] {
  const width = columnsOf(scale);
  const labels = new Array<string>(width).fill(" ");
  const ruler = new Array<string>(width).fill("─");
  const step = steps.find((each) => each / scale.step >= apart(each)) ?? steps.at(-1)!;
  const mark = (column: number, offset: number): void => {
    const label = offset === 0 ? "now" : `${offset < 0 ? "-" : "+"}${distance(Math.abs(offset), step)}`;
    // A tick without a label says nothing.
    if (!write(labels, column, label) && offset !== 0) return;
    ruler[column] = offset === 0 ? "┼" : "┬";
    write(ruler, column + 1, ` ${dateOf(scale.now + offset, step)} `);
  };
  mark(scale.past, 0);
  for (let n = 1; (n * step) / scale.step <= scale.past; n++)
    mark(scale.past - Math.round((n * step) / scale.step), -n * step);
  for (let n = 1; 1 + (n * step) / scale.step <= scale.future; n++) {
    mark(scale.past + 1 + Math.floor((n * step) / scale.step), n * step);
  }
  return [labels.join("").trimEnd(), ruler.join("")];
}

/** Writes text where it fits whole; false where it does not. */
function write(line: string[], column: number, text: string): boolean {
  if (column + text.length > line.length) return false;
  for (let at = 0; at < text.length; at++) line[column + at] = text[at]!;
  return true;
}

/** `30d`, `6h`, `2d12h`: exact, because ticks stand at round distances; in hours below two days, as kubectl has it. */
export function distance(ms: number, step: number): string {
  if (step >= 365 * day) return `${String(ms / (365 * day))}y`;
  if (step >= day) return `${String(ms / day)}d`;
  if (ms < hour || (step < hour && ms < 3 * hour)) return `${String(ms / minute)}m`;
  const [days, hours, minutes] = [Math.floor(ms / day), (ms % day) / hour, (ms % hour) / minute];
  if (ms >= 2 * day) return `${String(days)}d${hours === 0 ? "" : `${String(hours)}h`}`;
  return `${String(Math.floor(ms / hour))}h${minutes === 0 ? "" : `${String(minutes)}m`}`;
}

/** The date, or of ticks closer than a day the time of day, in UTC; empty for what is no time. */
export function dateOf(ms: number, step: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "";
  const [calendar = "", time = ""] = date.toISOString().split("T");
  if (step >= 60 * day) return calendar.slice(0, -3);
  return step >= day ? calendar.slice(-5) : time.slice(0, 5);
}
