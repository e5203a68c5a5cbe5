/**
 * Recognition over the labelled corpus, beside gitleaks' rules, secretlint and a list of names, and what it costs.
 * `npm run bench -- credentials`; with `--write` the table goes into docs/recognition.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { format } from "prettier";
import { findInValue } from "../src/credentials/values.ts";
import { corpusVersion, loadCorpus } from "../test/corpus/load.ts";
import { contenders, figuresTable } from "./contenders.ts";
import { GITLEAKS_RULES, gitleaksOneByOne } from "./gitleaks-alone.ts";
import { median } from "./measure.ts";

const { values } = parseArgs({
  options: { write: { type: "boolean", default: false }, runs: { type: "string", default: "3" } },
});
const runs = Number(values.runs);
if (!(runs > 0)) {
  process.stderr.write("error: --runs takes a number above zero\n");
  process.exit(2);
}

const entries = loadCorpus();
const table = figuresTable(entries, await contenders(entries));

const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
for (const row of table) {
  const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  process.stdout.write(`${cells.join("  ")}\n`);
}
process.stdout.write(`corpus ${corpusVersion(entries)}\n\n`);

/** Median milliseconds of processor time of some runs, each over values that no run has seen; other processes do not count. */
function timed(work: (run: number) => void): number {
  const times = Array.from({ length: runs }, (_, run) => {
    const started = process.cpuUsage();
    work(run);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  });
  return median(times);
}

const ENTRIES = 100_000;
const env = entries.filter(({ where }) => where === "env");
/** Values differ from run to run, so that nothing that is remembered helps. */
const named = (run: number): [string, string][] =>
  Array.from({ length: ENTRIES }, (_, i) => {
    const { name, value } = env[i % env.length]!;
    return [name, `${value.join(" ")}${String(run * ENTRIES + i)}`];
  });
const all = Array.from({ length: runs }, (_, run) => named(run));
const allEntries = timed((run) => {
  for (const [name, value] of all[run]!) findInValue(name, value);
});
process.stdout.write(
  `${String(ENTRIES)} variables: ${(allEntries / 1000).toFixed(2)} s (limit 2 s), ${((1000 * allEntries) / ENTRIES).toFixed(1)} µs each\n`,
);

const PLAIN = 20_000;
const plain = (run: number, i: number): string => `nightly report ${String(run * PLAIN + i)} of region eu-central`;
const ours = timed((run) => {
  for (let i = 0; i < PLAIN; i++) findInValue("REPORT_TITLE", plain(run, i));
});
const FEW = 200;
const theirs = timed((run) => {
  for (let i = 0; i < FEW; i++) gitleaksOneByOne("REPORT_TITLE", plain(run, i));
});
process.stdout.write(
  `a value without a keyword: ${((1000 * ours) / PLAIN).toFixed(1)} µs (limit 20 µs); gitleaks' ${String(GITLEAKS_RULES)} rules one by one: ${((1000 * theirs) / FEW).toFixed(0)} µs\n`,
);

if (values.write) {
  const file = new URL("../docs/recognition.md", import.meta.url);
  const text = readFileSync(file, "utf8");
  const lines = table.map((row) => `| ${row.join(" | ")} |`);
  lines.splice(1, 0, `|${table[0]!.map((_, i) => (i === 0 ? " --- " : " ---: ")).join("|")}|`);
  const written = `<!-- figures of corpus ${corpusVersion(entries)}, written by: npm run bench -- credentials --write -->\n\n${lines.join("\n")}\n\n<!-- end of figures -->`;
  const whole = text.replace(/<!-- figures of corpus .*?<!-- end of figures -->/s, () => written);
  writeFileSync(file, await format(whole, { parser: "markdown", printWidth: 120 }));
}
