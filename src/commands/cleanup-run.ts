import { basename, dirname, join } from "node:path";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { begin, finish, keep, newRun } from "../cleanup/carry-out.ts";
import type { CleanupItem, CleanupPlan } from "../model/cleanup.ts";
import type { ChosenItem } from "../model/journal.ts";
import type { Resource } from "../model/snapshot.ts";
import { safe } from "../output/text.ts";
import { confirm } from "./cleanup-bounds.ts";
import { EFFECTS } from "./cleanup-effects.ts";
import type { Effects } from "./cleanup-effects.ts";
import { planner } from "./cleanup-plan.ts";
import { planLines } from "./cleanup-rules.ts";
import { during, operatorOf, report, sameCluster } from "./cleanup-session.ts";
import { gatherEvidence } from "./evidence.ts";
import { preserveOptions } from "./evidence-save.ts";
import { readPlan, refuseQuestion } from "./plan-file.ts";
import { selectionFor, readQuestion } from "./question.ts";

/** Plans, or reads a plan, and deletes what may go without a further choice. Returns the exit status. */
export async function runCleanup(context: Context, needs: readonly Resource[], effects = EFFECTS): Promise<number> {
  const { options } = context;
  if (options.filename !== null)
    throw new UsageError("what a file holds cannot be deleted", ["Plan it against the cluster, without -f."]);
  if (options.plan !== null) refuseQuestion(context, "plan");
  const plan = options.plan === null ? await planNow(context, needs) : await readPlan(context, options.plan);
  const chosen = plan.items.filter(({ decision }) => decision === "delete");
  // Whoever carries out a plan has not set its rules.
  if (options.plan !== null)
    for (const line of planLines(plan, options.plan)) context.io.stderr.write(`${safe(line)}\n`);
  if (chosen.length + plan.changes.length > 0 && options["dry-run"] === null) await confirm(context, plan, chosen);
  return carryOutChoice(context, plan, chosen, effects);
}

async function planNow(context: Context, needs: readonly Resource[]): Promise<CleanupPlan> {
  const question = readQuestion(context, false);
  const judge = planner(context);
  const { snapshot } = await gatherEvidence(context, needs);
  return judge(snapshot, selectionFor(question, snapshot, context));
}

/**
 * Deletes these objects of the plan, and makes its changes: journal, evidence, deletions, reads, report. The choice has been confirmed. Returns the
 * exit status; throws CommandError and Interrupted where it ends early, with how to go on.
 */
export async function carryOutChoice(
  context: Context,
  plan: CleanupPlan,
  chosen: readonly CleanupItem[],
  effects: Effects = EFFECTS,
): Promise<number> {
  const run = newRun(chosen.map(withoutEnds), plan.changes);
  const isDryRun = context.options["dry-run"] !== null;
  const head = headOf(plan, chosen);
  if (chosen.length + plan.changes.length === 0)
    return report(context, { plan: head, run, journal: null, token: null });
  const paths = pathsOf(context);
  return during(context, { plan: head, run, effects, journal: isDryRun ? null : paths.journal }, async (session) => {
    const { api } = session;
    await sameCluster(api, head);
    if (isDryRun) return finish(run, null, session.work(null), effects.patience);
    // Not of `plan`: its items, with all that each ends, are let go here.
    const options = await preserveOptions(context, paths.evidence, head.rules);
    const operator = await operatorOf(api, options.localUser);
    await effects.reached("journal");
    const journal = await session.create(paths.journal);
    await begin(journal, head, run, { tool: options.toolVersion, operator });
    await effects.reached("begun");
    const work = session.work(journal);
    const kept = await keep(run, { ...options, ...session.evidence }, work);
    await finish(run, kept, work, effects.patience);
  });
}

/** The plan without its items; what has to be made anew is what the chosen ones expose. */
function headOf(plan: CleanupPlan, chosen: readonly CleanupItem[]): Omit<CleanupPlan, "items"> {
  const head: Partial<CleanupPlan> = { ...plan };
  delete head.items;
  const exposed = new Set(chosen.flatMap(({ ends }) => ends.exposures));
  const rotate = plan.summary.rotate.filter(({ id }) => exposed.has(id));
  return { ...(head as CleanupPlan), summary: { ...plan.summary, rotate } };
}

function withoutEnds(item: CleanupItem): ChosenItem {
  const chosen: Partial<CleanupItem> = { ...item };
  delete chosen.ends;
  return chosen as CleanupItem;
}

/** Where evidence and journal go; the journal is named like the evidence. */
function pathsOf({ options, io }: Context): { evidence: string; journal: string } {
  const stamp = io.now().toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const evidence = options.evidence ?? `cronaudit-${stamp}.evidence`;
  const name = basename(evidence).replace(/\.evidence$/, "");
  if (name === "") throw new UsageError(`--evidence takes the name of a file, and "${evidence}" is none`);
  return { evidence, journal: join(dirname(evidence), `${name}.journal`) };
}
