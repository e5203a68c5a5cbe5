import type { Report } from "../../model/report.ts";
import { csvColumns } from "./columns.ts";

/** A cell before it is written: null is an empty one. */
export type Value = string | number | boolean | null;

/** The rows of a report's CSV, one value for each of its columns. */
export function* csvRows(report: Report): Generator<Value[]> {
  const names = csvColumns(report.kind).map((name) => name.split("."));
  const { metadata, complete } = report;
  const around = { metadata, complete, blindSpots: report.blindSpots.map(blindSpotText) };
  for (const row of rowsOf(report))
    yield names.map((path) => valueAt({ ...row, ...unknownIn(row, complete), ...around }, path));
}

/** Where evidence is missing, no reader was found is not the same as that there is none. */
function unknownIn(row: object, complete: boolean): object {
  const { readers } = row as { readers?: { count: number | null } | null };
  return complete || readers?.count !== 0 ? {} : { readers: { ...readers, count: null } };
}

function blindSpotText({ verb, resource, namespace, reason }: Report["blindSpots"][number]): string {
  return `${verb} ${resource}${namespace === null ? "" : ` in ${namespace}`}: ${reason}`;
}

/** An item is a row; an exposure one for each of its carriers, an adversary one for each workload. */
function* rowsOf(report: Report): Generator<object> {
  if (report.kind === "ExposureReport") {
    for (const item of report.items) {
      for (const [index, carrier] of item.carriers.entries()) yield { ...item, carriers: { index, ...carrier } };
    }
  } else if (report.kind === "ReplayReport") {
    for (const item of report.items) {
      const { live } = item;
      if (live === null || live.workloads.length === 0) yield item;
      else for (const workload of live.workloads) yield { ...item, live: { ...live, workloads: workload } };
    }
  } else yield* report.items;
}

function valueAt(from: unknown, path: readonly string[]): Value {
  const [step, ...rest] = path;
  if (step === undefined) return cellValue(from);
  if (Array.isArray(from)) return cellValue([...new Set(from.map((each) => valueAt(each, path)))]);
  if (typeof from !== "object" || from === null || !Object.hasOwn(from, step)) return null;
  return valueAt((from as Record<string, unknown>)[step], rest);
}

function cellValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map((each) => elementText(each).replaceAll(/[\\;]/g, "\\$&")).join("; ");
  if (typeof value === "object" && value !== null) return elementText(value);
  return value === undefined ? null : (value as Value);
}

/** One of several in a cell: `Pod database/backup-1`, `database/db-credentials`. */
function elementText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const { object, subject, kind, namespace, name, key, field, from, to } = value as Record<string, unknown>;
  if (object !== undefined || subject !== undefined) return elementText(object ?? subject);
  if (field !== undefined) return `${String(field)}: ${String(from)} to ${String(to)}`;
  const place = [namespace, name, key].filter((part) => typeof part === "string").join("/");
  return typeof kind === "string" ? `${kind} ${place}` : place;
}
