import type { Asked } from "./compare.ts";
import { ours } from "./compare.ts";
import type { Ours } from "./ours.ts";

type Answer = (asked: Asked) => Ours;

const changed =
  (change: (text: string) => string): Answer =>
  (asked) => {
    const answer = ours(asked);
    return answer.text === null ? answer : { ...answer, text: change(answer.text) };
  };

const asking =
  (change: (template: string) => string): Answer =>
  (asked) =>
    ours("template" in asked ? { ...asked, template: change(asked.template) } : asked);

/** Mistakes that the comparison has to find. */
export const MISTAKES: [mistake: string, answer: Answer][] = [
  [
    "numbers have no exponent",
    changed((text) => text.replaceAll(/\d(?:\.\d+)?e[+-]\d+/g, (found) => String(Number(found)))),
  ],
  ["null is left out", changed((text) => text.replaceAll("null", ""))],
  ["HTML is not escaped in JSON", changed((text) => text.replaceAll("\\u003c", "<"))],
  ["a range ends with the template", asking((template) => template.replaceAll("{end}", ""))],
  ["an index from behind counts from the front", asking((template) => template.replaceAll("[-", "["))],
  ["a filter takes <= for <", asking((template) => template.replaceAll("<=", "<"))],
  [
    "columns are two apart",
    (asked) => ("template" in asked ? ours(asked) : changed((text) => text.replaceAll(/ {3}/g, "  "))(asked)),
  ],
];
