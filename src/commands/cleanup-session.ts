import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { startProgress } from "../cli/progress.ts";
import type { PreserveOptions } from "../cleanup/bundle/preserve.ts";
import type { Run } from "../cleanup/carry-out.ts";
import { Journal } from "../cleanup/journal.ts";
import type { ChainEnd } from "../cleanup/journal.ts";
import { resultOf, statusOf } from "../cleanup/result.ts";
import type { Work } from "../cleanup/work.ts";
import { toTime } from "../batch/time.ts";
import { clusterUid, optional } from "../evidence/scope.ts";
import type { Api, Writer } from "../model/api.ts";
import type { CleanupPlan, TokenCheck } from "../model/cleanup.ts";
import type { Time } from "../model/object.ts";
import { safe } from "../output/text.ts";
import { noChanges } from "../output/views/cleanup-none.ts";
import type { Effects } from "./cleanup-effects.ts";
import { endedEarly } from "./cleanup-farewell.ts";
import { tryToken } from "./cleanup-token.ts";
import { connectOptions } from "./evidence.ts";
import { render } from "./report.ts";

/** A request that deletes may wait for a webhook, or as Retry-After says. */
const LONGEST_END_MS = 60_000;

/** A cleanup that runs: its plan, how far it is, and the name of its journal (null: it writes none). */
export interface Running {
  plan: Omit<CleanupPlan, "items">;
  run: Run;
  journal: string | null;
  /** When the first deletion was asked for, where that was in a run before this one. */
  since?: Time | null;
}

/** What a cleanup that runs works with. */
export interface Session {
  api: Writer;
  /** A new journal, which is closed with the session. */
  create(path: string): Promise<Journal>;
  /** The same for one that is there, after so many bytes. */
  goOn(path: string, bytes: number, end: ChainEnd): Promise<Journal>;
  work(journal: Journal | null): Work;
  evidence: Pick<PreserveOptions, "files" | "signal" | "progress">;
}

/**
 * Has a cleanup run, and reports it. The first Ctrl-C begins nothing more, and lets what is under way end. Returns the exit
 * status; throws CommandError and Interrupted where it ends early, with how to go on.
 */
export async function during(
  context: Context,
  { effects, ...running }: Running & { effects: Effects },
  body: (session: Session) => Promise<void>,
): Promise<number> {
  const { io } = context;
  const { connectWriter } = await import("../cluster/index.ts");
  io.outlast?.(LONGEST_END_MS);
  // A dry run ends no token.
  const token = running.journal === null ? null : await tryToken(context);
  // With a signal of its own: a request that deletes is never left without its answer.
  const api = await connectWriter({ ...connectOptions(context), signal: new AbortController().signal });
  const progress = await startProgress(io, "connecting");
  let journal: Journal | null = null;
  const open = (made: Journal): Journal => (journal = made);
  const now = (): Date => io.now();
  const say = (text: string, share?: number): void => progress.text(text, share);
  const { journals, bundles, reached, sleep } = effects;
  const trying = { now, sleep, signal: io.signal };
  const since = running.since == null ? undefined : Date.parse(running.since);
  const deleting = (): void => token?.watch(trying, since);
  try {
    await body({
      api,
      create: async (path) => open(new Journal(await journals.create(resolve(io.cwd, path)), now)),
      goOn: async (path, bytes, end) =>
        open(new Journal(await journals.continue(resolve(io.cwd, path), bytes), now, end)),
      work: (to) => workOf({ api, journal: to, plan: running.plan, now, say, effects, context, deleting }),
      evidence: { files: { ...bundles, reached }, signal: io.signal, progress: say },
    });
    progress.text("trying the token");
    if (since !== undefined) deleting();
    const checked = (await token?.ended(trying)) ?? null;
    progress.stop();
    return await report(context, { ...running, token: checked });
  } catch (error) {
    progress.stop();
    throw await endedEarly(error, journal, running, context);
  } finally {
    progress.stop();
    await Promise.allSettled([api.close(), token?.close(), (journal as Journal | null)?.close()]);
  }
}

function workOf(given: {
  api: Writer;
  journal: Journal | null;
  plan: Omit<CleanupPlan, "items">;
  now: () => Date;
  say: (text: string, share?: number) => void;
  effects: Effects;
  context: Context;
  /** Called when a deletion is about to be asked for. */
  deleting(): void;
}): Work {
  const { api, journal, plan, now, say, effects, context } = given;
  const { sleep } = effects;
  const { signal, version: toolVersion } = context.io;
  const reached = (step: string): Promise<void> => {
    if (step === "delete" || step === "change: delete") given.deleting();
    return effects.reached(step);
  };
  return { api, journal, rules: plan.rules, toolVersion, now, sleep, signal, reached, progress: say };
}

/** Prints what became of the run, and gives the exit status. */
export async function report(context: Context, running: Running & { token: TokenCheck | null }): Promise<number> {
  const { plan, run, journal, token } = running;
  const { evidence, gaps } = run;
  const idle = noChanges(plan, run.chosen);
  const notes = [...idle.map(({ text }) => text), ...gaps.map((gap) => `Not in the evidence: ${gap}`)];
  const at = toTime(context.io.now().getTime());
  const result = resultOf(plan, { ...run, evidence, journal, token, notes, at });
  await render(result, context, { verb: "cleanup", details: false, nowhere: null, unmet: null });
  const unmet = idle.filter(({ isMet }) => !isMet);
  // Notes are for people and in -o json; a status needs its reason everywhere.
  if (!["table", "wide"].includes(context.options.output))
    for (const { text } of unmet) context.io.stderr.write(`${safe(text)}.\n`);
  if (unmet.length > 0) return 2;
  // Whoever asks for logs wants all there is.
  return statusOf(result, run.chosen) || (context.options.logs && gaps.length > 0 ? 3 : 0);
}

/** Throws CommandError where this is another cluster than the plan's. */
export async function sameCluster(api: Api, { metadata }: Pick<CleanupPlan, "metadata">): Promise<void> {
  const uid = await clusterUid(api);
  const planned = metadata.cluster;
  if (planned.uid !== null && uid === null) {
    throw new CommandError(
      "whether this is the plan's cluster cannot be read: its uid is that of the namespace kube-system",
      "Ask for the right to get namespaces, kube-system at least, or try again; nothing was deleted.",
    );
  }
  if (planned.uid === null ? api.server === planned.server : uid === planned.uid) return;
  throw new CommandError(
    `the plan is for the cluster at ${planned.server}, and this is another one`,
    "Choose the cluster with --context; nothing was deleted.",
  );
}

/** Who does it, for the journal. */
export async function operatorOf(
  api: Api,
  local: string | null,
): Promise<{ user: string | null; local: string | null }> {
  return { user: await optional(api.whoami()), local };
}
