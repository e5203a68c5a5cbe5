import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { manPage, roff } from "../../../scripts/docs/man-page.ts";
import type { Command } from "../../../src/cli/command.ts";
import { FLAGS } from "../../../src/cli/flags.ts";
import type { FlagName } from "../../../src/cli/flags.ts";
import { flagUsage } from "../../../src/cli/help.ts";
import { commands } from "../../../src/commands/index.ts";

const hasGroff = spawnSync("groff", ["--version"]).status === 0;
const all: readonly Command[] = commands;

/** What groff makes of a page, as a terminal shows it, in lines that are long enough for everything. */
function groff(page: string, columns = 900): { text: string; warnings: string } {
  const plain = ["-P-c", "-P-b", "-P-u", "-P-o"];
  const run = spawnSync("groff", ["-ww", "-man", "-Tutf8", `-rLL=${String(columns)}n`, ...plain], {
    input: page,
    encoding: "utf8",
  });
  return { text: run.stdout, warnings: run.stderr };
}

test.skipIf(!hasGroff)("groff has nothing to say against the manual page (skipped: no groff here)", () => {
  expect(groff(manPage()).warnings).toBe("");
});

test.skipIf(!hasGroff)("what it prints can be pasted: each example, each flag (skipped: no groff here)", () => {
  const { text } = groff(manPage());
  const lines = new Set(text.split("\n").map((line) => line.trim()));
  for (const { name, examples, summary } of all) {
    for (const { run, why } of examples) {
      expect(lines).toContain(`kubectl cronaudit ${run}`.trim());
      expect(lines).toContain(`# ${why}`);
    }
    expect(text).toContain(summary);
    if (name !== "") expect(lines).toContain(name);
  }
  for (const name of Object.keys(FLAGS) as FlagName[]) {
    // A short term stands on one line with what it means.
    expect([...lines].some((line) => line === flagUsage(name) || line.startsWith(`${flagUsage(name)} `))).toBe(true);
  }
});

test.skipIf(!hasGroff)("a narrow terminal breaks no name (skipped: no groff here)", () => {
  for (const columns of [60, 78, 90]) expect(groff(manPage(), columns).text).not.toMatch(/\u2010$/m);
});

test.skipIf(!hasGroff)("groff gives back any line of text (skipped: no groff here)", () => {
  const sign = fc.constantFrom(..."ab.'\"\\-`~^{}[]()*&%$#→…é| ");
  const line = fc.array(sign, { minLength: 1, maxLength: 20 }).map((signs) => `x${signs.join("")}x`);
  const starts = fc.constantFrom("", ".", "'", "\\", "\\&", '.\\"');
  const asked = fc.sample(fc.tuple(starts, line), { numRuns: 200, seed: 10 }).map((parts) => parts.join(""));
  const page = [".TH X 1", ".SH X", ".EX", ...asked.map(roff), ".EE"].join("\n");
  const { text, warnings } = groff(`${page}\n`);
  expect(warnings).toBe("");
  const shown = text.split("\n").map((one) => one.replace(/^ {7}/, ""));
  expect(shown).toEqual(expect.arrayContaining(asked));
});
