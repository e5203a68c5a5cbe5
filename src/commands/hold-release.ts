import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted } from "../cli/errors.ts";
import { aftermath } from "../hold/after-release.ts";
import { applySteps, type Again, type Applied } from "../hold/apply.ts";
import type { HeldRecord } from "../hold/journal.ts";
import { planRelease, judgeRelease, type ReleasePlan } from "../hold/release.ts";
import { appliedItem, holdReport, isWanting, leftItem } from "../hold/report.ts";
import { titleOf } from "../hold/plan.ts";
import type { HoldItem } from "../model/hold.ts";
import type { ObjectRef } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { shellQuote } from "../output/shell.ts";
import { lossLines } from "../output/views/hold.ts";
import { consent } from "./hold-ask.ts";
import { journalOf, openHands, readHolds, settle, type Hands } from "./hold-effects.ts";
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
    const applied = hands === null ? onlySaid(plan) : await carryOut(plan, records, hands, dryRun !== null);
    if (hands?.stopped() === true) throw new Interrupted();
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
  return consent(context, lines, `Release ${String(steps.length)} held objects?`);
}

function keepFirst({ program }: Context, object: ObjectRef): string {
  const where = object.namespace === null ? "" : ` -n ${object.namespace}`;
  return `Keep it first: ${program} evidence save case.evidence ${titleOf(object)}${where} --logs`;
}

function onlySaid({ steps }: ReleasePlan): Applied[] {
  return steps.map((step) => ({ step, state: "would-release", because: step.because }));
}

async function carryOut(
  plan: ReleasePlan,
  records: readonly HeldRecord[],
  hands: Hands,
  dryRun: boolean,
): Promise<Applied[]> {
  const byUid = new Map(records.map((record) => [record.object.uid, record]));
  const again: Again = ({ object }, fields) => {
    const judged = judgeRelease(byUid.get(object.uid)!, fields);
    if ("steps" in judged) return judged.steps;
    return "over" in judged
      ? { state: "already", because: judged.over }
      : { state: "changed", because: judged.changed };
  };
  if (!dryRun) await close(plan, hands);
  return applySteps(plan.steps, { action: "release", again, dryRun }, hands);
}

/** Records of which nothing is left to put back. */
async function close({ over, gone }: ReleasePlan, hands: Hands): Promise<void> {
  for (const { object, because } of [...over, ...gone]) {
    const id = hands.newId();
    const at = hands.now();
    const { user, server } = hands;
    await hands.write({
      v: 1,
      entry: "intent",
      id,
      action: "release",
      at,
      user,
      server,
      object,
      resourceVersion: "",
      changes: [],
    });
    await hands.write({ v: 1, entry: "outcome", id, at, outcome: "done", because });
  }
}

/** Whoever wants the rest put back can do that alone; then nothing of the hold is left. */
function withRest({ object, because, rest }: ReleasePlan["changed"][number]): string {
  const spec = Object.fromEntries(rest.map(({ field, to }) => [field, to]));
  const where = object.namespace === null ? "" : ` -n ${object.namespace}`;
  const patch = shellQuote(JSON.stringify({ spec }));
  return `${because}; the rest is put back by: kubectl patch ${titleOf(object)}${where} --type=merge -p ${patch}`;
}

function itemsOf(plan: ReleasePlan, applied: readonly Applied[], records: readonly HeldRecord[]): HoldItem[] {
  const byUid = new Map(records.map((record) => [record.object.uid, record]));
  const of = ({ uid }: ObjectRef): HeldRecord | undefined => byUid.get(uid);
  return [
    ...applied.map((one) => appliedItem(one, of(one.step.object))),
    ...plan.over.map((one) => leftItem(one, "already", of(one.object))),
    ...plan.gone.map((one) => leftItem(one, "gone", of(one.object))),
    ...plan.unknown.map((one) => leftItem(one, "unknown", of(one.object))),
    ...plan.changed.map((one) => ({
      ...leftItem({ object: one.object, because: withRest(one) }, "changed", of(one.object)),
      changes: [],
    })),
  ];
}
