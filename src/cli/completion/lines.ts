import { isUnsafe, safe } from "../../output/text.ts";
import type { Answer } from "./candidate.ts";
import { isOpen } from "./candidate.ts";

/** Bits of the last line (cobra, completions.go ShellCompDirective). */
const NO_SPACE = 2;
const NO_FILES = 4;
const KEEP_ORDER = 32;

/** More than anybody reads; shells ask whether to show that many. */
const MOST = 500;

/** As much of a description as fits beside a word. */
const MOST_LETTERS = 90;

/** What no shell takes for anything but itself, at any place in a word. */
const PLAIN = /^[\p{L}\p{N}\p{M}_@%+=:,./-]+$/u;

/**
 * The answer in kubectl's protocol for plugins: `word<TAB>description` lines, then `:` and the directive. Words that a
 * shell would evaluate are left out: some of the scripts that kubectl has had for it hand them to the shell as they are.
 * `quoting` keeps them, for a script that quotes. Words that a terminal would take for a command are left out always.
 */
export function answerLines({ candidates, files }: Answer, quoting = false): string {
  const fits = (word: string): boolean => word !== "" && !isUnsafe(word) && (quoting || PLAIN.test(word));
  const shown = new Map(candidates.filter(({ word }) => fits(word)).map((one) => [one.word, one]));
  const words = [...shown.values()].slice(0, MOST);
  const allOpen = words.length > 0 && words.every(({ word }) => isOpen(word));
  const directive = KEEP_ORDER + (files ? 0 : NO_FILES) + (allOpen ? NO_SPACE : 0);
  const lines = words.map(({ word, description }) => {
    const meaning = plainText(description);
    return meaning === "" ? word : `${word}\t${meaning}`;
  });
  return [...lines, `:${String(directive)}`].map((line) => `${line}\n`).join("");
}

/** The first sentence or part of one, without anything that a shell evaluates: old scripts expand descriptions, too. */
function plainText(description: string): string {
  const [first = ""] = description.split(/(?:; |\.(?: |$))/, 1);
  const letters = [...safe(first).replace(/[`$\\"]/g, "")];
  return letters.length <= MOST_LETTERS ? letters.join("") : `${letters.slice(0, MOST_LETTERS).join("").trimEnd()}…`;
}
