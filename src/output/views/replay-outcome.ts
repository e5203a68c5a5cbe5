import type { LiveOutcome, LiveReplay } from "../../model/report.ts";

/** `succeeds: 3 credentials by pods get and list`; a reason that begins with the outcome says it once. */
export function outcomeText({ outcome, because }: Pick<LiveReplay, "outcome" | "because">): string {
  const word = outcome.replace("-", " ");
  if (because === "") return word;
  return because.startsWith(word) ? because : `${word}: ${because}`;
}

const WORDS: [LiveOutcome, string, string][] = [
  ["succeeds", "succeeds", "succeed"],
  ["inconclusive", "inconclusive", "inconclusive"],
  ["blocked", "blocked", "blocked"],
  ["not-applicable", "not applicable", "not applicable"],
];

/** Counts by outcome, worst first: `2 succeed, 1 blocked`; zeros are left out. */
export function tally(counts: Record<LiveOutcome, number>): string {
  const parts = WORDS.filter(([outcome]) => counts[outcome] > 0);
  return parts
    .map(([outcome, one, more]) => `${String(counts[outcome])} ${counts[outcome] === 1 ? one : more}`)
    .join(", ");
}
