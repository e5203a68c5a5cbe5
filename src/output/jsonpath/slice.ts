import { TemplateError } from "../template-error.ts";
import type { Slice } from "./nodes.ts";
import { isList, typeName } from "./values.ts";

/** The elements of each list that a slice or an index takes. Throws TemplateError for what is no list, and out of bounds. */
export function sliced(values: unknown[], slice: Slice): unknown[] {
  const found: unknown[] = [];
  for (const value of values) {
    if (value === null) continue;
    if (!isList(value)) throw new TemplateError(`${typeName(value)} is not array or slice`);
    const [start, end] = boundsIn(value.length, slice);
    // kubectl leaves the lists that follow alone.
    if (start === end) return found;
    checkBounds(start, end, value.length);
    const step = slice.step ?? 1;
    if (step <= 0) throw new TemplateError("step must be > 0");
    for (let at = start; at < end; at += step) found.push(value[at]);
  }
  return found;
}

function boundsIn(length: number, { start, end }: Slice): [start: number, end: number] {
  const first = (start ?? 0) < 0 ? start! + length : (start ?? 0);
  if (end === "next") {
    const next = (start ?? 0) + 1;
    return [first, next <= 0 ? next + length : next];
  }
  const last = end ?? length;
  return [first, last < 0 ? last + length : last];
}

function checkBounds(start: number, end: number, length: number): void {
  const outside = (index: number): TemplateError =>
    new TemplateError(`array index out of bounds: index ${index}, length ${length}`);
  if (start >= length || start < 0) throw outside(start);
  if (end > length || end < 0) throw outside(end - 1);
  if (start > end) throw new TemplateError(`starting index ${start} is greater than ending index ${end}`);
}
