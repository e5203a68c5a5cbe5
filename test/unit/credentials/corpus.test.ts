import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { corpusVersion, loadCorpus } from "../../corpus/load.ts";
import type { Entry, Part } from "../../corpus/load.ts";
import { figuresOf, findInEntry, outcomeOf } from "../../corpus/score.ts";

const entries = loadCorpus();
const outcomes = entries.map((entry) => outcomeOf(entry, findInEntry(entry)));

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

describe.each<Part>(["work", "held-out"])("of the part %s", (part) => {
  const mine = outcomes.filter(({ entry }) => entry.part === part);
  const figures = figuresOf(mine);
  // Of the part that is held out, nobody sees which entries are wrong: only totals.
  const wrong = mine
    .filter(({ result }) => part === "work" && (result === "miss" || result === "alarm"))
    .map(
      ({ entry, result, kind }) =>
        `${result} ${entry.where} ${entry.name}=${entry.shape} (${entry.kind ?? kind ?? ""})`,
    );

  test("credentials are found, and nothing else is called one", () => {
    console.log(
      `${part}: precision ${percent(figures.precision)}, recall ${percent(figures.recall)} of ${String(figures.positives)} credentials and ${String(figures.negatives)} others\n${wrong.join("\n")}`,
    );
    expect(figures.precision).toBeGreaterThanOrEqual(0.98);
    expect(figures.recall).toBeGreaterThanOrEqual(0.95);
  });
});

test("has the entries that the figures in docs/recognition.md are of", () => {
  const docs = readFileSync(new URL("../../../docs/recognition.md", import.meta.url), "utf8");
  // Otherwise: npm run bench -- credentials --write
  expect(docs).toContain(`<!-- figures of corpus ${corpusVersion(entries)},`);
});

test("has enough of either side, and no value that is written down twice as credential and as none", () => {
  const [positives, negatives] = [
    entries.filter(({ kind }) => kind !== null),
    entries.filter(({ kind }) => kind === null),
  ];
  expect(positives.length).toBeGreaterThanOrEqual(1500);
  expect(negatives.length).toBeGreaterThanOrEqual(3000);
  const key = ({ where, name, shape }: Entry): string => `${where} ${name}=${shape}`;
  const others = new Set(negatives.map(key));
  expect(positives.map(key).filter((entry) => others.has(entry))).toEqual([]);
});

test("has values that are the same in every run", () => {
  expect(corpusVersion(loadCorpus())).toBe(corpusVersion(entries));
});
