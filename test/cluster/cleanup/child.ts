/**
 * One cleanup in a process of its own, which ends by SIGKILL when it has reached a step for the nth time. Standard input has
 * JSON: `argv`, `step` and `nth` (step null: no end), and `steps`: a file that gets the name of each step.
 */
import { appendFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Io } from "../../../src/cli/io.ts";
import { parse } from "../../../src/cli/parse.ts";
import { EFFECTS } from "../../../src/commands/cleanup-effects.ts";
import { resumeCleanup } from "../../../src/commands/cleanup-resume.ts";
import { runCleanup } from "../../../src/commands/cleanup-run.ts";
import { commands } from "../../../src/commands/index.ts";
import { failureLines } from "../../../src/cli/failure.ts";

const given = JSON.parse(await text(process.stdin)) as {
  argv: string[];
  step: string | null;
  nth: number;
  steps: string | null;
  signal: "SIGKILL" | "SIGINT";
};
const counts = new Map<string, number>();
const interrupt = new AbortController();
process.on("SIGINT", () => interrupt.abort());

async function reached(step: string): Promise<void> {
  const count = (counts.get(step) ?? 0) + 1;
  counts.set(step, count);
  if (given.steps !== null) appendFileSync(given.steps, `${step}\n`);
  if (step !== given.step || count !== given.nth) return;
  process.kill(process.pid, given.signal);
  // SIGKILL lets nothing more run; after SIGINT the program goes on.
  if (given.signal === "SIGKILL") await new Promise(() => undefined);
}

const io: Io = {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
  cwd: process.cwd(),
  version: "0.0.0-test",
  runtime: { node: process.versions.node, platform: process.platform, tzdata: "", timeZone: "UTC" },
  startedAs: "kubectl-cronaudit",
  signal: interrupt.signal,
};
const { command, options, words } = await parse(given.argv, commands);
const context = { options, words, io, program: "kubectl cronaudit" };
const effects = { ...EFFECTS, reached };
try {
  process.exitCode =
    options.resume === null ? await runCleanup(context, command.needs, effects) : await resumeCleanup(context, effects);
} catch (error) {
  for (const line of failureLines(error, "kubectl cronaudit")) process.stderr.write(`${line}\n`);
  process.exitCode = interrupt.signal.aborted ? 130 : 2;
}
