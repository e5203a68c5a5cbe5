import type { Entry } from "../test/corpus/load.ts";
import { findInEntry, outcomeOf } from "../test/corpus/score.ts";
import { gitleaksAlone } from "./gitleaks-alone.ts";
import { nameListAlone } from "./name-list.ts";
import { secretlintAlone } from "./secretlint-alone.ts";

/** One way to tell credentials from other values, and for each entry of the corpus whether it calls it one. */
export interface Contender {
  name: string;
  calls: boolean[];
}

/**
 * What each makes of the corpus. Ours counts only as `likely` or surer and, where an entry marks it, only the right part of
 * the value; of the others, which are given the value as NAME=value, any finding counts.
 */
export async function contenders(entries: readonly Entry[]): Promise<Contender[]> {
  const named = entries.map(({ name, value }) => ({ name, value: value.join(" ") }));
  const secretlint: string[] = [];
  // One by one: in a text of many keys, one match of secretlint's rule for private keys may span several.
  for (const value of named) secretlint.push((await secretlintAlone([value]))[0]?.join() ?? "");
  return [
    {
      name: "cronaudit",
      calls: entries.map((entry) => ["hit", "alarm"].includes(outcomeOf(entry, findInEntry(entry)).result)),
    },
    { name: "gitleaks' rules", calls: named.map(({ name, value }) => gitleaksAlone(name, value).length > 0) },
    { name: "secretlint", calls: secretlint.map((found) => found !== "") },
    { name: "name list", calls: named.map(({ name, value }) => nameListAlone(name, value)) },
  ];
}

/** How many of the entries that a test picks are called credentials, as `12 of 34 (35.3 %)`. */
function share({ calls }: Contender, entries: readonly Entry[], picks: (entry: Entry) => boolean): string {
  const picked = calls.filter((_, i) => picks(entries[i]!));
  const called = picked.filter(Boolean).length;
  return `${String(called)} (${percent(picked.length === 0 ? 0 : called / picked.length)})`;
}

/** With one digit behind the point. */
export function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Of what is called a credential, what is one. */
function precision({ calls }: Contender, entries: readonly Entry[]): string {
  const called = entries.filter((_, i) => calls[i]);
  return percent(called.filter(({ kind }) => kind !== null).length / Math.max(1, called.length));
}

/** The figures as rows of a table: the first row is its head. Entries of which reasonable people differ are left out. */
export function figuresTable(all: readonly Entry[], of: readonly Contender[]): string[][] {
  const isCounted = all.map(({ kind, sure }) => kind === null || sure !== "possible");
  const entries = all.filter((_, i) => isCounted[i]);
  const each = of.map(({ name, calls }) => ({ name, calls: calls.filter((_, i) => isCounted[i]) }));
  const kinds = [...new Set(entries.map(({ kind }) => kind))].filter((kind) => kind !== null).toSorted();
  const row = (title: string, picks: (entry: Entry) => boolean): string[] => [
    title,
    String(entries.filter(picks).length),
    ...each.map((contender) => share(contender, entries, picks)),
  ];
  const isIn = (part: string) => (entry: Entry) => entry.part === part && entry.kind !== null;
  const wrong = (part: string) => (entry: Entry) => entry.part === part && entry.kind === null;
  return [
    ["called a credential", "entries", ...each.map(({ name }) => name)],
    ...kinds.map((kind) => row(kind, (entry) => entry.kind === kind)),
    row("all credentials (recall)", ({ kind }) => kind !== null),
    row("… of the part worked on", isIn("work")),
    row("… of the part held out", isIn("held-out")),
    row("no credential (false alarms)", ({ kind }) => kind === null),
    row("… of the part worked on", wrong("work")),
    row("… of the part held out", wrong("held-out")),
    ["precision", "", ...each.map((contender) => precision(contender, entries))],
  ];
}
