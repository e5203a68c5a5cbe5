import { expect, test } from "vitest";
import type { Command } from "../../../src/cli/command.ts";
import { exitsOf } from "../../../src/cli/exits.ts";
import { flagGroups, helpText } from "../../../src/cli/help.ts";
import { parse } from "../../../src/cli/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { shellWords } from "../../cli/run.ts";

const all: readonly Command[] = commands;
const cases = all.map((command) => [command.name === "" ? "triage" : command.name, command] as const);
const help = (command: Command, program = "kubectl cronaudit"): string => helpText(command, all, program);

test.each(cases)("the examples of %s, and what it says to try next, are command lines", async (_, command) => {
  expect(command.examples.length).toBeGreaterThanOrEqual(1);
  for (const { run, why } of [...command.examples, ...(command.next === undefined ? [] : [command.next])]) {
    // What a shell would take away: where output goes, and what it is piped to.
    const { command: understood } = await parse(shellWords(run.replace(/ [>|] .*/, "")), all);
    expect(all).toContain(understood);
    expect(why, run).toMatch(/^[A-Z].*[^.]$/);
  }
});

test.each(cases.filter(([name]) => name !== "triage"))("the examples of %s are of it", async (name, command) => {
  for (const { run } of command.examples) {
    expect((await parse(shellWords(run.replace(/ [>|] .*/, "")), all)).command.name, run).toBe(name);
  }
});

test.each(cases)("the help of %s: summary, examples, flags, usage, exit status, and what next", (_, command) => {
  const text = help(command);
  const headings = text.split("\n").filter((line) => /^[A-Z].*:$/.test(line));
  expect(headings[0]).toBe("Examples:");
  expect(headings.slice(-2)).toEqual(
    command.next === undefined ? ["Usage:", "Exit status:"] : ["Exit status:", "Next:"],
  );
  for (const name of command.flags) expect(text).toContain(`--${name}`);
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
  expect(text).toMatch(/[^\n]\n$/);
});

test.each(cases)("every flag of %s stands under one heading", (_, command) => {
  const shown = flagGroups(command).flatMap(({ flags }) => flags);
  expect([...shown].sort()).toEqual([...new Set(command.flags)].sort());
});

test("a command under no heading would be missing from the help", () => {
  for (const { name } of all) expect(help(all[0]!)).toMatch(new RegExp(`^  ${name}`, "m"));
});

test("only what kubectl started says where kubectl takes flags", () => {
  expect(help(all[0]!)).toContain("Flags go after the plugin's name");
  for (const program of ["kubectl-cronaudit", "npx kubectl-cronaudit", "./kubectl-cronaudit"]) {
    const text = help(all[0]!, program);
    expect(text).not.toMatch(/plugin's name|kubectl cronaudit/);
    expect(text).toContain(`  ${program} exposure cronjob/backup -n database`);
  }
});

test("what an exit status means to a verb stands behind what it means to all", () => {
  const meanings = (name: string): Record<number, string> =>
    Object.fromEntries(exitsOf(all.find((one) => one.name === name)!).map((exit) => [exit.status, exit.meaning]));
  expect(Object.keys(meanings("version"))).toEqual(["0", "2", "130"]);
  expect(Object.keys(meanings(""))).toEqual(["0", "1", "2", "3", "130"]);
  expect(Object.keys(meanings("evidence"))).toEqual(["0", "2", "3", "130"]);
  expect(meanings("cleanup")[2]).toMatch(/^the command line, the connection .*; something that was chosen is not gone/);
  expect(meanings("hold")[2]).toMatch(/is not held/);
});
