import { answerLine } from "../cli/completion/answer.ts";
import type { Names } from "../cli/completion/candidate.ts";
import { NOTHING } from "../cli/completion/candidate.ts";
import type { Line } from "../cli/completion/line.ts";
import { readLine } from "../cli/completion/line.ts";
import { answerLines } from "../cli/completion/lines.ts";
import type { Request } from "../cli/completion/request.ts";
import { parseTimeout } from "../cli/duration.ts";
import type { Io } from "../cli/io.ts";
import { commands } from "./index.ts";

/**
 * Milliseconds that a cluster, or a plugin that signs in, has for an answer: longer, and the terminal seems to hang. Who
 * typed a --request-timeout waits for as long as that.
 */
const PATIENCE_MS = 800;

/** Milliseconds that nobody waits longer for. */
const LONGEST_MS = 30_000;

/** Milliseconds for all of it on a machine that is slow to load the program. */
const MOST_MS = 3000;

/**
 * Answers one TAB: candidates on standard output, and the directive. Whatever goes wrong, and whatever does not come in
 * time, is no candidate: nothing is written to standard error, and the status is 0.
 */
export async function complete({ words, quoting }: Request, io: Io): Promise<number> {
  const over = new AbortController();
  const line = readLine(words, commands);
  const patienceMs = patienceOf(line);
  const late = setTimeout(() => over.abort(), MOST_MS + patienceMs - PATIENCE_MS);
  const isOver = new Promise<void>((resolve) => {
    over.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let patience: NodeJS.Timeout | undefined;
  const startWaiting = (): void => {
    patience ??= setTimeout(() => over.abort(), patienceMs);
  };
  const names: Names = async (kind) => {
    const { namesOf } = await import("./complete-names.ts");
    // One source that fails, or is late, takes nothing from the others.
    const found = namesOf(kind, { line, io, signal: over.signal, patienceMs, startWaiting }).catch(() => []);
    return Promise.race([found, isOver.then(() => [])]);
  };
  const answer = await answerLine(line, commands, names).catch(() => NOTHING);
  clearTimeout(late);
  clearTimeout(patience);
  over.abort();
  await new Promise<void>((resolve) => {
    // A shell that has gone away is no error either.
    io.stdout.write(answerLines(answer, quoting), () => resolve());
  });
  return 0;
}

function patienceOf({ given }: Line): number {
  try {
    const typed = given.get("request-timeout")?.at(-1);
    return typed === undefined ? PATIENCE_MS : Math.min(Math.max(parseTimeout(typed), PATIENCE_MS), LONGEST_MS);
  } catch {
    return PATIENCE_MS;
  }
}
