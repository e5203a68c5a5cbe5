import type { Report } from "../model/report.ts";

/** The steps of a simple JSONPath in any of kubectl's spellings (`x.y`, `.x.y`, `{.x.y}`, `{$.x[0]}`); null when it is none. */
export function pathSteps(path: string): string[] | null {
  const bare = /^\{(.*)\}$/.exec(path)?.[1] ?? path;
  const text = bare.replace(/^\$/, "");
  const dotted = text.startsWith(".") || text.startsWith("[") ? text : `.${text}`;
  if (!/^(?:\.[A-Za-z_][\w-]*|\[\d+\])+$/.test(dotted)) return null;
  return [...dotted.matchAll(/\.([A-Za-z_][\w-]*)|\[(\d+)\]/g)].map((step) => (step[1] ?? step[2])!);
}

function valueAt(item: unknown, steps: string[]): unknown {
  let value = item;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/**
 * The report with its items sorted by a field: numbers by size, everything else as text, equal ones as they were,
 * those without a value last. Null when no item has the field.
 */
export function sortItems<R extends Report>(report: R, steps: string[]): R | null {
  const keyed = [...report.items].map((item) => ({ item, value: valueAt(item, steps) }));
  if (keyed.length > 0 && keyed.every(({ value }) => value === undefined)) return null;
  const absent = (value: unknown): boolean => value === undefined || value === null;
  keyed.sort((a, b) => {
    if (absent(a.value) || absent(b.value)) return Number(absent(a.value)) - Number(absent(b.value));
    if (typeof a.value === "number" && typeof b.value === "number") return a.value - b.value;
    const [left, right] = [textOf(a.value), textOf(b.value)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
  return { ...report, items: keyed.map(({ item }) => item) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
