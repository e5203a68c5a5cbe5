import { isDeepStrictEqual } from "node:util";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted } from "../cli/errors.ts";
import { aftermath } from "../hold/after-release.ts";
import { applySteps, type Again, type Applied, type Fate } from "../hold/apply.ts";
import type { HeldRecord } from "../hold/journal.ts";
import { fieldOwners } from "../hold/managers.ts";
import { planRelease, judgeRelease, type Judged, type ReleasePlan } from "../hold/release.ts";
import { appliedItem, holdReport, isWanting, leftItem } from "../hold/report.ts";
import { titleOf, type HoldStep, type Left } from "../hold/plan.ts";
import type { HoldItem, HoldState } from "../model/hold.ts";
import type { ObjectRef } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { shellQuote } from "../output/shell.ts";
import { count } from "../output/text.ts";
import { lossLines } from "../output/views/hold.ts";
import { consent } from "./hold-ask.ts";
import { farewell, journalOf, openHands, readHolds, settle, type Hands } from "./hold-effects.ts";
import { gatherHeld, recordsFor } from "./hold-records.ts";
import { readQuestion } from "./question.ts";
import { render } from "./report.ts";

/** Puts back what holds changed, after saying what the controllers will then delete; status 0 only where all was put back. */
export async function releaseHolds(context: Context): Promise<number> {
  const question = readQuestion(context, false);
  const { snapshot } = await gatherHeld(context);
  const path = journalOf(context, snapshot.metadata);
  const dryRun = context.options["dry-run"];
  const hands = dryRun === "client" ? null : await openHands(context, snapshot.metadata, path);
  try {
    const { holds, notes } = hands === null || dryRun !== null ? await readHolds(path) : await settle(hands, path);
    const records = recordsFor(context, question, holds, { snapshot, path });
    const plan = planRelease(records, snapshot);
    const after = aftermath(snapshot, plan.steps);
    const summary = {
      ...{ action: "release" as const, dryRun, notHeld: [], mayDelete: null, journal: dryRun === null ? path : null },
      ...{ goesAtOnce: after.atOnce, goesSoon: after.soon, startsAtOnce: after.startsAtOnce },
    };
    if (!(await isMeant(context, summary, plan, snapshot))) throw new CommandError("nothing was released");
    const applied =
      hands === null
        ? onlySaid(plan)
        : await carryOut(context, { plan, records, path, dryRun: dryRun !== null }, hands);
    const items = itemsOf(plan, applied, records);
    const report = holdReport(snapshot, items, summary, notes);
    await render(report, context, { verb: "hold", details: question.named.length > 0, nowhere: null, unmet: null });
    return isWanting(report) ? 2 : report.complete ? 0 : 3;
  } finally {
    await hands?.close();
  }
}

/** What costs nothing as far as all was seen, and was named, is done; of everything else the person is asked. */
async function isMeant(
  context: Context,
  summary: Parameters<typeof lossLines>[0],
  { steps }: ReleasePlan,
  snapshot: Snapshot,
): Promise<boolean> {
  const { goesAtOnce, goesSoon, startsAtOnce } = summary;
  const costs = goesAtOnce.length + goesSoon.length + startsAtOnce.length > 0;
  if (context.options["dry-run"] !== null || steps.length === 0) return true;
  if (!costs && snapshot.blindSpots.length === 0 && context.words.length > 0) return true;
  const keep = goesAtOnce.slice(0, 1).map(({ object }) => keepFirst(context, object));
  const unseen = snapshot.blindSpots.length === 0 ? [] : ["More may go: not everything could be seen."];
  const lines = [...lossLines(summary, { wide: false }), ...keep, ...unseen];
  return consent(context, lines, `Release ${count(steps.length, "held object")}?`);
}

function keepFirst({ program }: Context, object: ObjectRef): string {
  const where = object.namespace === null ? "" : ` -n ${object.namespace}`;
  return `Keep it first: ${program} evidence save case.evidence ${titleOf(object)}${where} --logs`;
}

function onlySaid({ steps }: ReleasePlan): Applied[] {
  return steps.map((step) => ({ step, state: "would-release", because: step.because }));
}

interface Given {
  plan: ReleasePlan;
  records: readonly HeldRecord[];
  path: string;
  dryRun: boolean;
}

/**
 * Reads journal and objects once more, puts back what it may, and closes the records of which nothing is left: what a list showed
 * before the question may have changed since.
 */
async function carryOut(context: Context, { plan, records, path, dryRun }: Given, hands: Hands): Promise<Applied[]> {
  const byUid = new Map(records.map((record) => [record.object.uid ?? "", record]));
  const untouched = async (): Promise<(object: ObjectRef) => boolean> => {
    const { held } = (await readHolds(path)).holds;
    return ({ uid }) => isDeepStrictEqual(held.get(uid ?? ""), byUid.get(uid ?? ""));
  };
  const isSame = await untouched();
  const again: Again = ({ object, changes }, fields, raw) =>
    isSame(object)
      ? fateOf(judgeRelease(byUid.get(object.uid ?? "")!, fields, fieldOwners(raw)), object, changes)
      : RACED;
  const nothing = ({ object, because }: Left): HoldStep => ({ object, because, resourceVersion: "", changes: [] });
  const steps = [...plan.steps, ...[...plan.over, ...plan.gone, ...plan.unclear].map(nothing)];
  const told: Applied[] = [];
  const tell = (one: Applied): unknown => told.push(one);
  try {
    const applied = await applySteps(steps, { action: "release", again, readsFirst: true, dryRun, tell }, hands);
    if (hands.stopped()) throw new Interrupted();
    const isOver = dryRun ? () => false : await untouched();
    await close(
      applied.filter((one) => one.isOver === true && isOver(one.step.object)),
      hands,
    );
    return applied;
  } catch (error) {
    farewell(context, told, "released");
    throw error;
  }
}

const RACED: Fate = { state: "changed", because: "another run held or released it meanwhile: see hold --list" };

/** What is done with a record as it is judged now; nothing that was not asked for before is put back. */
function fateOf(judged: Judged, object: ObjectRef, planned: HoldStep["changes"]): HoldStep["changes"] | Fate {
  if ("over" in judged) return { state: "already", because: judged.over, isOver: true };
  if ("changed" in judged) return { state: "changed", because: withRest(object, judged.changed, judged.rest) };
  if ("unclear" in judged) {
    return { state: "unknown", because: withRest(object, judged.unclear, judged.rest), isOver: true };
  }
  const isPlanned = judged.steps.every(({ field }) => planned.some((one) => one.field === field));
  return isPlanned ? judged.steps : { state: "changed", because: "it changed meanwhile: release it again" };
}

/** Records of which nothing is left to put back. */
async function close(applied: readonly Applied[], hands: Hands): Promise<void> {
  for (const { step, because } of applied) {
    const [id, at] = [hands.newId(), hands.now()];
    const { user, server } = hands;
    const head = { v: 1, entry: "intent", id, action: "release", at, user, server } as const;
    await hands.write({ ...head, object: step.object, resourceVersion: "", changes: [] });
    await hands.write({ v: 1, entry: "outcome", id, at, outcome: "done", because });
  }
}

/** Whoever wants the rest put back can do that alone; then nothing of the hold is left. */
function withRest(object: ObjectRef, because: string, rest: HoldStep["changes"]): string {
  const spec = Object.fromEntries(rest.map(({ field, to }) => [field, to]));
  const where = object.namespace === null ? "" : ` -n ${object.namespace}`;
  const patch = shellQuote(JSON.stringify({ spec }));
  return `${because}; the rest is put back by: kubectl patch ${titleOf(object)}${where} --type=merge -p ${patch}`;
}

function itemsOf(plan: ReleasePlan, applied: readonly Applied[], records: readonly HeldRecord[]): HoldItem[] {
  const byUid = new Map(records.map((record) => [record.object.uid, record]));
  const items = new Map<string, HoldItem>();
  const add = (state: HoldState, all: readonly Left[]): void => {
    for (const one of all) items.set(one.object.uid ?? "", leftItem(one, state, byUid.get(one.object.uid)));
  };
  const resting = (all: ReleasePlan["changed"]): Left[] =>
    all.map(({ object, because, rest }) => ({ object, because: withRest(object, because, rest) }));
  add("already", plan.over);
  add("gone", plan.gone);
  add("unknown", [...plan.unknown, ...resting(plan.unclear)]);
  add("changed", resting(plan.changed));
  // What was read at last counts.
  for (const one of applied) items.set(one.step.object.uid ?? "", appliedItem(one, byUid.get(one.step.object.uid)));
  return [...items.values()];
}
