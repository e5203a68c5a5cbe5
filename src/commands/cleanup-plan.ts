import { collectOwned, nothingCollected } from "../cleanup/dependents.ts";
import { completeWithTally, draftPlan, type Narrow, type Tally } from "../cleanup/plan/index.ts";
import type { OwnedEvidence } from "../cleanup/plan/tree.ts";
import { parseArguments, type Named } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { startProgress } from "../cli/progress.ts";
import type { CleanupPlan, CleanupRules } from "../model/cleanup.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { readWays } from "./cleanup-also.ts";
import { namespaceOf, openConnection } from "./evidence.ts";
import { readSeconds } from "./moment.ts";

/** The rules that the command line sets; `named` is filled in when the evidence is there. */
type Asked = Omit<CleanupRules, "named">;

/** A plan, and what other choices among its items end and change. */
export interface Planned {
  plan: CleanupPlan;
  tally: Tally;
  narrow: Narrow;
}

/** Reads the flags of a cleanup, and gives what plans it. Throws UsageError before anything is collected. */
export function planner(context: Context): (snapshot: Snapshot, selection: Selection) => Promise<CleanupPlan> {
  const plan = tallyingPlanner(context);
  return async (snapshot, selection) => (await plan(snapshot, selection)).plan;
}

/** `planner` for a choice to come; `only`: uids, where no more than these are asked for. */
export function tallyingPlanner(
  context: Context,
): (snapshot: Snapshot, selection: Selection, only?: ReadonlySet<string>) => Promise<Planned> {
  const asked = readRules(context);
  const named = parseArguments(context.words);
  if (asked.stopRunning && !named.some((one) => one.what === "object" && one.name !== null)) {
    throw new UsageError("--stop-running ends only what is named, as job/NAME", [
      `What hangs: ${context.program} cleanup --state hung`,
    ]);
  }
  return async (snapshot, selection, only) => {
    const draft = draftPlan(snapshot, selection, { ...asked, named: namedObjects(named, selection) }, only);
    return completeWithTally(draft, await owned(context, snapshot, draft.namespaces));
  };
}

function readRules(context: Context): Asked {
  const { options } = context;
  const namespace = namespaceOf(context);
  return {
    olderThanSeconds: options["older-than"] === null ? null : readSeconds("--older-than", options["older-than"]),
    states: options.state,
    namespaces: namespace === null ? [] : [namespace],
    stopRunning: options["stop-running"],
    yesUnseen: options["yes-unseen"],
    include: options.include,
    ...readWays(options),
  };
}

/** What was named by TYPE/NAME, as it stands in the evidence; a type alone names nothing. */
function namedObjects(named: readonly Named[], { objects }: Selection): CleanupRules["named"] {
  return objects.filter(({ kind, name }) =>
    named.some((one) => one.what === "object" && one.type.kind === kind && one.name === name),
  );
}

/** What the objects own: only the cluster says. */
async function owned(context: Context, snapshot: Snapshot, namespaces: readonly string[]): Promise<OwnedEvidence> {
  if (context.options.filename !== null) return nothingCollected(namespaces);
  if (namespaces.length === 0) return { owned: [], blindSpots: [] };
  const [api, progress] = await Promise.all([
    openConnection(context),
    startProgress(context.io, "what else would go along"),
  ]);
  try {
    return await collectOwned(api, namespaces, snapshot, (text) => progress.text(text));
  } finally {
    progress.stop();
    await api.close();
  }
}
