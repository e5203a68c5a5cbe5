import type { Match } from "./rule.ts";
import { FORM_RULES } from "./rules/index.ts";

/**
 * Everything in a text that is a credential by its form alone, in the order of the text; where matches overlap, a `possible` one
 * goes, and of the others the one that begins first (of those the longest) is kept. `name` is the value's own, which some forms
 * want beside it; matches lie in the text. Linear in the length of the text.
 */
export function findForms(text: string, name = ""): Match[] {
  // The shortest form is a URI (a://:x@h).
  if (text.length < 8) return [];
  const matches = FORM_RULES.flatMap((rule) => rule.find(text, name));
  if (matches.length < 2) return matches;
  matches.sort(inOrder);
  const sure = withoutOverlaps(matches.filter(({ confidence }) => confidence !== "possible"));
  const possible = withoutOverlaps(matches.filter(({ confidence }) => confidence === "possible"));
  if (possible.length === 0) return sure;
  return [...sure, ...apartFrom(sure, possible)].sort(inOrder);
}

function inOrder(a: Match, b: Match): number {
  return a.start - b.start || b.end - a.end;
}

function withoutOverlaps(ordered: Match[]): Match[] {
  let end = -1;
  return ordered.filter((found) => {
    if (found.start < end) return false;
    end = found.end;
    return true;
  });
}

/** Those of the second that overlap none of the first; both are in order and free of overlaps. */
function apartFrom(kept: Match[], others: Match[]): Match[] {
  let i = 0;
  return others.filter(({ start, end }) => {
    while (i < kept.length && kept[i]!.end <= start) i++;
    return i === kept.length || kept[i]!.start >= end;
  });
}
