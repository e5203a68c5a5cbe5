import type { Match } from "./rule.ts";
import { FORM_RULES } from "./rules/index.ts";

/**
 * Everything in a text that is a credential by its form alone, in the order of the text; where matches overlap,
 * the one that begins first (of those the longest) is kept. Linear in the length of the text.
 */
export function findForms(text: string): Match[] {
  // The shortest form is a URI (a://:x@h).
  if (text.length < 8) return [];
  const matches = FORM_RULES.flatMap((rule) => rule.find(text));
  if (matches.length < 2) return matches;
  matches.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Match[] = [];
  let end = -1;
  for (const found of matches) {
    if (found.start < end) continue;
    kept.push(found);
    end = found.end;
  }
  return kept;
}
