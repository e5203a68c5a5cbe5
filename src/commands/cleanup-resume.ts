import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import { finish, keep } from "../cleanup/carry-out.ts";
import type { Run } from "../cleanup/carry-out.ts";
import { readJournal } from "../cleanup/read-journal.ts";
import type { JournalState } from "../cleanup/read-journal.ts";
import { isOver, keptIn, runOf } from "../cleanup/resume.ts";
import { EFFECTS } from "./cleanup-effects.ts";
import { during, operatorOf, report, sameCluster } from "./cleanup-session.ts";
import { preserveOptions } from "./evidence-save.ts";
import { refuseQuestion } from "./plan-file.ts";

/**
 * Goes on with a cleanup by its journal: what was asked for is read first, what was not begun is judged again, and what was not
 * chosen then is not touched. Returns the exit status.
 */
export async function resumeCleanup(context: Context, effects = EFFECTS): Promise<number> {
  const path = context.options.resume!;
  refuseQuestion(context, "resume");
  const state = readJournal(await textOf(context, path, effects.journals.read), path);
  const run = runOf(state, path);
  const { plan } = state.begin;
  const isDone = isOver(state, run);
  if (isDone && context.options["token-file"] === null)
    return report(context, { plan, run, journal: path, token: null });
  return during(context, { plan, run, effects, journal: path, since: state.since }, async (session) => {
    await sameCluster(session.api, plan);
    // Nothing is left to delete: the token alone is tried.
    if (isDone) return;
    const options = await preserveOptions(context, await evidencePath(context, path, state), plan.rules);
    // Read before the journal is touched: without the evidence nothing is deleted.
    const before = await keptBefore(context, path, run);
    const operator = await operatorOf(session.api, options.localUser);
    const journal = await session.goOn(path, state.bytes, state.end);
    await journal.write({ step: "resumed", tool: options.toolVersion, operator, cutOff: state.cutOff });
    const work = session.work(journal);
    const kept = before ?? (await keep(run, { ...options, ...session.evidence }, work));
    await finish(run, kept, work, effects.patience);
  });
}

async function textOf({ io }: Context, path: string, read: (path: string) => Promise<string>): Promise<string> {
  try {
    return await read(resolve(io.cwd, path));
  } catch (error) {
    throw new CommandError(
      `cannot read ${path}: ${error instanceof Error ? error.message : "it cannot be read"}`,
      "Check its name.",
    );
  }
}

/** What the evidence holds that was written before, where it was written or beside the journal; null where there was none yet. */
async function keptBefore({ io }: Context, journal: string, { evidence }: Run): Promise<Map<string, string> | null> {
  if (evidence === null) return null;
  const beside = resolve(io.cwd, dirname(journal), basename(evidence.path));
  const path = (await isThere(evidence.path)) ? evidence.path : beside;
  try {
    return await keptIn(createReadStream(path, { highWaterMark: 1 << 18 }), evidence);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === null) throw error;
    throw new CommandError(
      `cannot read the evidence ${evidence.path}: ${reason}`,
      "Put it back where it was written; without it nothing more is deleted.",
    );
  }
}

/** Where evidence goes if there was none yet: beside the journal, by a name that is free. */
async function evidencePath({ io, options }: Context, journal: string, { evidence }: JournalState): Promise<string> {
  if (evidence !== null) return evidence.path;
  if (options.evidence !== null) return options.evidence;
  const stem = journal.replace(/\.journal$/, "");
  for (let n = 1; ; n++) {
    const path = n === 1 ? `${stem}.evidence` : `${stem}-${String(n)}.evidence`;
    if (!(await isThere(resolve(io.cwd, path)))) return path;
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
