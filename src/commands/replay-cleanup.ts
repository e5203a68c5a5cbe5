import { join } from "node:path";
import { toTime } from "../batch/time.ts";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import { pasteable } from "../cli/invocation.ts";
import { openSink } from "../cli/streams.ts";
import { Journal } from "../cleanup/journal.ts";
import { clusterUid } from "../evidence/scope.ts";
import type { Writer } from "../model/api.ts";
import type { LabJournalStep } from "../model/lab-journal.ts";
import type { ObjectRef } from "../model/object.ts";
import { count, escapeInQuotes, safe } from "../output/text.ts";
import { byLabels, type ByLabels } from "../scenarios/lab/by-labels.ts";
import { cleanRun, strangerText, type Cleaned } from "../scenarios/lab/clean-run.ts";
import { refTo } from "../scenarios/lab/kinds.ts";
import { isRunId } from "../scenarios/lab/names.ts";
import { readLabJournal, type LabState } from "../scenarios/lab/read-journal.ts";
import { consent } from "./hold-ask.ts";
import { connectOperator, givenContext, refuseOthers } from "./replay-lab-connect.ts";
import { journalsIn, LAB_EFFECTS, labDirectory, type LabEffects } from "./replay-lab-effects.ts";
import { letGo, liveHolder, lockPath, type Holder } from "./replay-lab-lock.ts";

/** For the deletions that were begun before Ctrl-C. */
const TEARDOWN_MS = 600_000;

/** Most of a cleanup is waiting for namespaces to go. */
const SIDE_BY_SIDE = 16;

/** A run that may have left something: with its journal, or by its labels alone. */
interface Left {
  run: string;
  path: string | null;
  state: LabState | null;
  /** The process that still carries it out. */
  holder: Holder | null;
}

/** What became of a run; one that still goes on was left alone. */
interface Told extends Cleaned {
  running: Holder | null;
}

/** Formats that tell of runs and not of a report; the first three are lines. */
const TOLD_AS = ["table", "wide", "name", "json", "yaml"];

/** Takes down what earlier labs left on this cluster. Status 0 only where nothing of them remains. */
export async function replayCleanup(context: Context, effects: LabEffects = LAB_EFFECTS): Promise<number> {
  const { options, io } = context;
  const [, ...words] = context.words;
  if (words[0] !== undefined) throw new UsageError(`replay cleanup takes no "${words[0]}": name a run with --run`);
  const only = options.run;
  if (only !== null && !isRunId(only))
    throw new UsageError(`--run takes the id of a lab run, as r0123abcd, and "${only}" is none`);
  if (!TOLD_AS.includes(options.output)) {
    throw new UsageError(`-o ${options.output} is for reports: what became of a lab is told as ${TOLD_AS.join(", ")}`);
  }
  givenContext(context);
  refuseOthers(context, ["lab", "confirm-cluster", "image", "placement", "node", "variants", "plan", "dry-run"]);
  io.outlast?.(TEARDOWN_MS);
  const { api } = await connectOperator(context, only ?? "cleanup");
  try {
    const { left, labels } = await find(context, api, only, effects);
    for (const one of labels.found)
      if (!one.isOurs && (only === null || only === one.run)) io.stderr.write(`${safe(strangerText(one))}\n`);
    const isMeantAnyway = only !== null && options.yes;
    const running = left.filter(({ holder }) => holder !== null && !isMeantAnyway);
    const over = left.filter((one) => !running.includes(one));
    for (const one of running) io.stderr.write(`${safe(runningText(context, one))}\n`);
    // Without a journal here it may be somebody else's, who is at work with it.
    const isAsked = only === null && (over.length > 1 || over.some(({ state }) => state === null));
    if (isAsked && !(await isMeant(context, over))) throw new CommandError("nothing was deleted");
    const done = await cleanAll(context, api, over, effects);
    await tell(context, [...done, ...running.map((one) => leftAlone(one, labels))]);
    const unseen = labels.unseen.map(({ kind: { resource }, because }) => `${resource}: ${because}`);
    if (unseen.length > 0)
      io.stderr.write(`Not seen, so that something may remain:\n  ${unseen.map(safe).join("\n  ")}\n`);
    return unseen.length === 0 && running.length === 0 && done.every(({ remains }) => remains?.length === 0) ? 0 : 2;
  } finally {
    await api.close();
  }
}

/** A run whose namespaces have gone makes room for the next: runs take very different times. */
async function cleanAll(context: Context, api: Writer, left: readonly Left[], effects: LabEffects): Promise<Told[]> {
  const done: Told[] = [];
  const rest = left.entries();
  const worker = async (): Promise<void> => {
    for (const [at, one] of rest) {
      if (context.io.signal.aborted) throw new Interrupted();
      done[at] = { ...(await clean(context, api, one, effects)), running: null };
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return done;
}

function runningText({ program, options }: Context, { run, holder }: Left): string {
  const anyway = pasteable(program, `replay cleanup --run ${run} --yes`, options);
  return `${run} still runs, in process ${String(holder?.pid)} of this machine, and is left alone. End it there (Ctrl-C), or: ${anyway}`;
}

function leftAlone({ run, holder }: Left, { found }: ByLabels): Told {
  const there = found.filter((one) => one.isOurs && one.run === run).map(({ object, uid }) => refTo(object, uid));
  const torn = { deleted: 0, alreadyGone: 0, notOurs: [], failed: [] };
  return { run, torn, remains: there, running: holder };
}

async function find(
  context: Context,
  api: Writer,
  only: string | null,
  { journals }: LabEffects,
): Promise<{ left: Left[]; labels: ByLabels }> {
  const uid = await clusterUid(api);
  if (uid === null)
    throw new CommandError(
      "which cluster this is cannot be read: its uid is that of the namespace kube-system",
      "Ask for the right to get namespaces; nothing was deleted.",
    );
  const labels = await byLabels(api, only);
  const left = new Map<string, Left>();
  const directory = labDirectory(context, uid);
  const holderOf = (run: string): Promise<Holder | null> =>
    liveHolder(lockPath(join(directory, `${run}.jsonl`)), context.io.processes);
  for (const run of new Set(labels.found.flatMap((one) => (one.isOurs ? one.run : []))))
    left.set(run, { run, path: null, state: null, holder: await holderOf(run) });
  for (const { run, path } of await journalsIn(directory)) {
    if (only !== null && run !== only) continue;
    const state = await stateOf(context, journals.read(path), { path, run, uid });
    if (state !== null && (!state.isOver || left.has(run) || run === only))
      left.set(run, { run, path, state, holder: await holderOf(run) });
  }
  return { left: [...left.values()].sort((a, b) => (a.run < b.run ? -1 : 1)), labels };
}

/** Null where the journal does not say what was made; that is said, and labels have to do. */
async function stateOf(
  { io }: Context,
  text: Promise<string>,
  { path, run, uid }: { path: string; run: string; uid: string },
): Promise<LabState | null> {
  try {
    const state = readLabJournal(await text, path);
    if (state === null || (state.begin.run === run && state.begin.cluster.uid === uid)) return state;
    io.stderr.write(`${safe(`${path} is of another run or cluster, and is passed over.`)}\n`);
    return null;
  } catch (error) {
    if (!(error instanceof Error) || !["EvidenceError", "BundleFileError"].includes(error.name)) throw error;
    io.stderr.write(`${safe(`${path}: ${error.message}; only what carries the run's labels is deleted.`)}\n`);
    return null;
  }
}

function isMeant(context: Context, left: readonly Left[]): Promise<boolean> {
  const lines = left.map(({ run, state }) => {
    if (state === null) return `${run}: no journal here, by its labels; it may still run on another machine`;
    const { begin, since, made } = state;
    return `${run}: begun ${since} by ${begin.operator.user ?? "somebody unknown"}, ${count(made.length, "object")}`;
  });
  const which = left.length === 1 ? "this run" : `these ${String(left.length)} runs`;
  return consent(context, lines, `Delete what ${which} left?`, "Or name one run with --run.");
}

async function clean(context: Context, api: Writer, { run, path, state }: Left, effects: LabEffects): Promise<Cleaned> {
  const { io } = context;
  const { sleep, patience, reached, journals } = effects;
  const done = await cleanRun(state?.made ?? null, { api, run, sleep, patience, reached, now: () => io.now() });
  if (path !== null && done.remains?.length === 0) await letGo(lockPath(path));
  if (path === null || state === null) return done;
  try {
    const file = await journals.continue(path, state.bytes);
    const journal = new Journal<LabJournalStep>(file, () => io.now(), state.end);
    await journal.write({ step: "end", remains: done.remains?.length ?? null }).finally(() => file.close());
  } catch (error) {
    // What is gone is gone; the next cleanup looks again.
    io.stderr.write(
      `${safe(`${path} could not be ended: ${error instanceof Error ? error.message : String(error)}`)}\n`,
    );
  }
  return done;
}

async function tell({ options, io }: Context, done: readonly Told[]): Promise<void> {
  const sink = openSink(io.stdout);
  if (options.output === "json" || options.output === "yaml") {
    const report = { apiVersion: "cronaudit/v1", kind: "LabCleanup", doneAt: toTime(io.now().getTime()), runs: done };
    const text =
      options.output === "json"
        ? JSON.stringify(report, null, 4)
        : (await import("yaml")).stringify(report, { lineWidth: 0 });
    return sink.write(`${escapeInQuotes(text.trimEnd())}\n`);
  }
  if (done.length === 0) return sink.write("Nothing of a lab was found.\n");
  return sink.write(
    done
      .flatMap(linesOf)
      .map((line) => `${safe(line)}\n`)
      .join(""),
  );
}

function linesOf({ run, torn, remains, running }: Told): string[] {
  if (running !== null)
    return [`${run}: still runs, and was left alone; remains:`, ...(remains ?? []).map((one) => `  ${refText(one)}`)];
  const rest = remains === null ? "what remains cannot be told" : remains.length === 0 ? "nothing remains" : "remains:";
  return [
    `${run}: ${String(torn.deleted)} deleted, ${String(torn.alreadyGone)} gone already; ${rest}`,
    ...(remains ?? []).map((one) => `  ${refText(one)}`),
    ...torn.failed.map(({ object, because }) => `  ${refText({ ...object, uid: null })}: ${because}`),
    ...torn.notOurs.map((text) => `  ${text}`),
  ];
}

function refText({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${name}${namespace === null ? "" : ` in ${namespace}`}`;
}
