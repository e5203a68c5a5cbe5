import { createInterface } from "node:readline/promises";
import type { Context } from "../cli/command.ts";
import { Interrupted, UsageError } from "../cli/errors.ts";
import { safe } from "../output/text.ts";

/**
 * Asks whether to go on, below the lines that say with what; true with --yes. Throws UsageError where nobody can be asked; `otherwise`
 * is what to do then. Nothing but y or yes is consent.
 */
export async function consent(
  context: Context,
  lines: readonly string[],
  question: string,
  otherwise = "See first what it would do with --dry-run=client.",
): Promise<boolean> {
  const { options, io } = context;
  const say = (line: string): unknown => io.stderr.write(`${safe(line)}\n`);
  if (options.yes) return true;
  for (const line of lines) say(line);
  if (options["no-input"] || io.stdin.isTTY !== true || io.stderr.isTTY !== true) {
    throw new UsageError(`${question} There is no terminal to ask in: add --yes to do it.`, [otherwise]);
  }
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  // A terminal that reads keys gives Ctrl-C and Ctrl-D to whoever reads, and no signal to the process.
  const [interrupt, end] = [new AbortController(), new AbortController()];
  terminal.once("SIGINT", () => interrupt.abort());
  terminal.once("close", () => end.abort());
  try {
    const signal = AbortSignal.any([io.signal, interrupt.signal, end.signal]);
    const answer = await terminal.question(`${safe(question)} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (io.signal.aborted || interrupt.signal.aborted) throw new Interrupted();
    if (end.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
