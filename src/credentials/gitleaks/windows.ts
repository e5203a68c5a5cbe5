import type { JudgedRule } from "./model.ts";

/** [from, to) in a line. */
export type Span = [number, number];

/** A line up to this long is searched whole; what is longer is searched in pieces of this length. Characters. */
export const PIECE = 4096;

/** Room beside the longest match for the characters that decide whether it may begin or end there. */
const BESIDE = 2;

/** Where a match of a rule can be, given where its keyword stands; spans that touch are joined. */
export function addWindow(spans: Span[], rule: JudgedRule, keyword: Span, length: number): void {
  const isWhole = rule.isLoose || length <= PIECE;
  const reach = rule.longest + BESIDE;
  const from = isWhole ? 0 : Math.max(0, keyword[0] - reach);
  const to = isWhole ? length : Math.min(length, keyword[1] + reach);
  const last = spans.at(-1);
  if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
  else spans.push([from, to]);
}

/** Cuts a span so that every match of the rule lies whole in a piece, with what stands beside it. */
export function* pieces([from, to]: Span, rule: JudgedRule): Generator<Span> {
  const step = PIECE - rule.longest - 2 * BESIDE;
  for (let start = from; ; start += step) {
    const end = Math.min(to, start + PIECE);
    yield [start, end];
    if (end === to) return;
  }
}
