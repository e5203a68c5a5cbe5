import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evidence, run, shellWords } from "./run.ts";
import type { Given } from "./run.ts";

const folder = join(import.meta.dirname, "golden");
const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));

/** The lines of a case that people write: why it exists, what it is given, and the command line. The rest is its outcome. */
function readCase(file: string): { head: string; given: Given; argv: string[] } {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  const command = lines.findIndex((line) => line.startsWith("$ "));
  const head = lines.slice(0, command + 1);
  const given: Given = {};
  for (const line of head) {
    const [, key, value = ""] = /^(terminal|env|stdin): (.*)$/.exec(line) ?? [];
    if (key === "terminal") given.terminal = Number(value);
    if (key === "env") given.env = Object.fromEntries(value.split(" ").map((pair) => pair.split("=")));
    if (key === "stdin") given.stdin = readFileSync(join(evidence, value));
  }
  return { head: head.join("\n"), given, argv: shellWords(head.at(-1)!.slice(2)) };
}

test.each(files)("%s", async (file) => {
  const { head, given, argv } = readCase(file);
  expect(head, "a case begins with its reason").toMatch(/^# ./);
  const { stdout, stderr, exit } = await run(argv, given);
  const text = `${head}\n--- exit ${exit}\n--- stderr\n${stderr}--- stdout\n${stdout}`;
  await expect(text).toMatchFileSnapshot(join(folder, file));
});

test("there are cases", () => {
  expect(files.length).toBeGreaterThan(20);
});
