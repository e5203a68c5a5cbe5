import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporary } from "../temporary.ts";
import { largePlan, planToChooseFrom } from "./plan.ts";
import { hasTerminal, start, type Terminal } from "./terminal.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];
const keys = { down: "\u001b[B", end: "\u001b[F", escape: "\u001b", enter: "\r", ctrlC: "\u0003", ctrlD: "\u0004" };
const WHY_NOT = "screens: there is no `script` of util-linux here, so no pseudo-terminal was driven";

if (!hasTerminal) {
  process.stderr.write(`NOT RUN: ${WHY_NOT}\n`);
  const file = process.env["CRONAUDIT_NOT_RUN"];
  if (file !== undefined) appendFileSync(file, `${WHY_NOT}\n`);
}

function list(
  size: { columns: number; rows: number },
  env: Record<string, string> = {},
  plan = planToChooseFrom(),
  more: { suspends?: true } = {},
): Terminal {
  const file = join(temporary(), "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  return start(["test/cli/screens/harness.ts", file], size, { env, ...more });
}

/** Keeps the screen under a name, with the size in it. */
async function keep(terminal: Terminal, name: string, { columns }: { columns: number }): Promise<void> {
  const file = join(import.meta.dirname, `${name}-${String(columns)}.txt`);
  await expect(terminal.screen()).toMatchFileSnapshot(file);
}

/** The terminal is as it was: settings, cursor, and the screen that was there before. */
async function isAsBefore(terminal: Terminal): Promise<number> {
  const { exit, before, after } = await terminal.end();
  expect(after).toBe(before);
  const raw = terminal.raw();
  expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(raw.lastIndexOf("\u001b[?25l"));
  expect(raw.lastIndexOf("\u001b[?1049l")).toBeGreaterThan(raw.lastIndexOf("\u001b[?1049h"));
  return exit;
}

describe.runIf(hasTerminal)("the list in a terminal", { timeout: 60_000 }, () => {
  test.each(SIZES)("choose, and go on: $columns columns", async (size) => {
    const terminal = list(size);
    await terminal.until(/q leave/);
    await keep(terminal, "list", size);
    // The first item is given up, the one that needs its own choice is chosen, the refused one cannot be.
    terminal.type(` ${keys.down} j `);
    await terminal.until(/cannot be chosen/);
    await keep(terminal, "chosen", size);
    terminal.type(keys.enter);
    await terminal.until(/Type 20 to delete/);
    await keep(terminal, "confirm", size);
    terminal.type(`20${keys.enter}`);
    await terminal.until(/deleted\n$/);
    expect(await isAsBefore(terminal)).toBe(0);
    expect(terminal.screen()).toContain("chosen: backup-29890017");
  });

  test.each(SIZES)("filter: $columns columns", async (size) => {
    const terminal = list(size);
    await terminal.until(/q leave/);
    terminal.type("/backup 2989001");
    await terminal.until(/\/backup 2989001_ +8 of 22/);
    await keep(terminal, "filter", size);
    // Only what the filter leaves is given up.
    terminal.type(`${keys.enter}a`);
    await terminal.until(/Chosen: 12 jobs, 11 pods/);
    terminal.type(keys.escape);
    await terminal.until(/job\/import-1/);
    await keep(terminal, "filtered", size);
    terminal.type("/nowhere");
    await terminal.until(/Nothing matches/);
    terminal.type(keys.escape);
    await terminal.until(/job\/import-1/);
    terminal.type("q");
    await terminal.until(/left\n/);
    expect(await isAsBefore(terminal)).toBe(0);
  });

  test.each(SIZES)("details and help: $columns columns", async (size) => {
    const terminal = list(size);
    await terminal.until(/q leave/);
    terminal.type("/import");
    await terminal.until(/1 of 22/);
    terminal.type(`${keys.enter}d`);
    await terminal.until(/Goes along/);
    await keep(terminal, "details", size);
    terminal.type(" ");
    await terminal.until(/Chosen: 21 jobs, 20 pods, 2 other things/);
    terminal.type(keys.escape);
    await terminal.until(/\[x\] job\/import-1/);
    terminal.type("?");
    await terminal.until(/Any key goes back/);
    await keep(terminal, "help", size);
    terminal.type("x");
    await terminal.until(/q leave/);
    terminal.type(keys.ctrlD);
    await terminal.until(/left\n/);
    expect(await isAsBefore(terminal)).toBe(0);
  });

  test.each([
    ["the list", "", /q leave/],
    ["the filter", "/imp", /\/imp_/],
    ["the details", "d", /Owner/],
    ["the help", "?", /Any key goes back/],
    ["the confirmation", keys.enter, /Type 20 to delete/],
    ["the confirmation, half typed", `${keys.enter}`, /Type 20 to delete/, "2"],
  ])("Ctrl-C in %s leaves the terminal as it was, and nothing done", async (_, typed, shows, more = "") => {
    const terminal = list(SIZES[0]!);
    await terminal.until(/q leave/);
    terminal.type(typed);
    await terminal.until(shows);
    terminal.type(more);
    terminal.type(keys.ctrlC);
    await terminal.until(/interrupted\n/);
    expect(await isAsBefore(terminal)).toBe(130);
    expect(terminal.screen()).not.toMatch(/^(not confirmed|deleted)$/m);
    await keep(terminal, `ctrl-c-${_.replaceAll(/\W+/g, "-")}`, SIZES[0]!);
  });

  test("nothing but what was asked for is consent", async () => {
    for (const typed of ["yes", "", "19", "2"]) {
      const terminal = list(SIZES[0]!);
      await terminal.until(/q leave/);
      terminal.type(keys.enter);
      await terminal.until(/Type 20 to delete/);
      terminal.type(`${typed}${keys.enter}`);
      await terminal.until(/not confirmed\n/);
      expect(await isAsBefore(terminal)).toBe(0);
    }
  });

  test("what was typed ahead is no choice and no consent", async () => {
    const terminal = list(SIZES[0]!);
    await terminal.until(/q leave/);
    terminal.type(`${keys.enter}20${keys.enter}`);
    await terminal.until(/Type 20 to delete, anything else leaves: *$/m);
    terminal.type(keys.escape);
    await terminal.until(/not confirmed\n/);
    expect(await isAsBefore(terminal)).toBe(0);
  });

  test("a resize draws the list anew, wider and narrower", async () => {
    const terminal = list(SIZES[0]!);
    await terminal.until(/q leave/);
    await terminal.resize(200, 50);
    await terminal.until(/^Chosen: .*; ends .*; saves.*30 days$/m);
    await terminal.until(/29890000/);
    await keep(terminal, "resized", { columns: 200 });
    await terminal.resize(60, 12);
    await terminal.until((screen) => screen.split("\n").every((line) => line.length < 60) && /^Chosen/m.test(screen));
    await keep(terminal, "resized", { columns: 60 });
    terminal.type(`${keys.end}q`);
    await terminal.until(/left\n/);
    const { exit } = await terminal.end();
    expect(exit).toBe(0);
  });

  test("Ctrl-Z gives the terminal back, and fg the list as it was", async () => {
    const terminal = list(SIZES[0]!, {}, planToChooseFrom(), { suspends: true });
    await terminal.until(/q leave/);
    terminal.type(" ");
    await terminal.until(/Chosen: 19 jobs/);
    const before = terminal.screen();
    terminal.type("\u001a");
    await terminal.until((screen) => !/q leave/.test(screen));
    expect(terminal.raw().endsWith("\u001b[?25l")).toBe(false);
    await terminal.until(/q leave/);
    expect(terminal.screen()).toBe(before);
    terminal.type("q");
    await terminal.until(/left\n/);
    const ended = await terminal.end();
    expect(ended.stopped).toBe(ended.before);
    expect(await isAsBefore(terminal)).toBe(0);
    expect(terminal.screen()).not.toContain("Chosen:");
  });

  test("names from the cluster draw nothing, and without colour nothing is painted", async () => {
    const terminal = list(SIZES[0]!, { NO_COLOR: "1" });
    await terminal.until(/q leave/);
    expect(terminal.screen()).toContain("job/evil^[[2J\\u202edne");
    terminal.type("q");
    await terminal.end();
    expect(terminal.raw()).not.toMatch(/\u202e|\u001b\[[0-9;]*m/);
  });

  test("what needs a choice of its own and what is refused are painted", async () => {
    const terminal = list(SIZES[0]!);
    await terminal.until(/q leave/);
    terminal.type("q");
    await terminal.end();
    expect(terminal.raw()).toMatch(/\u001b\[33m {2}\[ \] job\/import-1/);
    expect(terminal.raw()).toMatch(/\u001b\[2m {3}- {2}job\/rotate-2/);
  });

  test("20,000 items answer every key at once", async () => {
    const terminal = list(SIZES[0]!, {}, largePlan(20_000));
    await terminal.until(/q leave/);
    const took: number[] = [];
    for (const [typed, shows] of [
      [keys.end, /job\/backup-30019999/],
      ["g", /job\/import-1/],
      ["a", /Nothing is chosen/],
      ["a", /Chosen: 20,003 jobs/],
      [" ", /Chosen: 20,002 jobs/],
      ["/", /\/_ +20,005 of 20,005/],
      ["3", /\/3_ +20,000 of 20,005/],
      ["0", /\/30_ +20,000 of 20,005/],
      ["018", /\/30018_ +1,000 of 20,005/],
    ] as const) {
      const from = performance.now();
      terminal.type(typed);
      await terminal.until(shows);
      took.push(performance.now() - from);
    }
    // The screen is looked at every 20 ms; what people notice begins at 100 ms, and machines under load get more.
    expect(Math.max(...took)).toBeLessThan(1000);
    terminal.type(`${keys.enter}q`);
    await terminal.until(/left\n/);
    expect(await isAsBefore(terminal)).toBe(0);
  });
});
