import type { Context } from "../cli/command.ts";
import { UsageError } from "../cli/errors.ts";
import { FLAGS, type FlagName } from "../cli/flags.ts";
import type { CleanupPlan } from "../model/cleanup.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { CLEANUP_KINDS, HANDOVER_FLAGS } from "./flags.ts";
import { runReport } from "./report.ts";

/**
 * Prints the plan of a cleanup; in a terminal it is a list to choose from, and what was chosen is deleted. `only`: what of the
 * evidence is asked for, as uids. Returns the exit status.
 */
export async function reportCleanup(
  context: Context,
  only?: (snapshot: Snapshot, selection: Selection) => ReadonlySet<string>,
): Promise<number> {
  const [{ tallyingPlanner }, { asksToChoose, choose }] = await Promise.all([
    import("./cleanup-plan.ts"),
    import("./cleanup-choose.ts"),
  ]);
  const planned = tallyingPlanner(context);
  let choices: Pick<Awaited<ReturnType<typeof planned>>, "tally" | "narrow"> | null = null;
  return runReport<CleanupPlan>(context, {
    name: "cleanup",
    needs: CLEANUP_KINDS,
    takesSubjects: false,
    load: () =>
      Promise.resolve(async (snapshot: Snapshot, selection: Selection) => {
        const made = await planned(snapshot, selection, only?.(snapshot, selection));
        choices = made;
        return made.plan;
      }),
    instead: (plan) =>
      choices !== null && asksToChoose(context, plan) ? choose(context, { ...choices, plan }) : Promise.resolve(plan),
  });
}

/** Flags that say how a cleanup is planned mean nothing without one. Throws UsageError. */
export function refuseLoneFlags({ options }: Context): void {
  if (options.cleanup) return;
  const given = HANDOVER_FLAGS.find((name) => !isAbsent(name, options[name]));
  if (given !== undefined) throw new UsageError(`--${given} goes with --cleanup`);
}

function isAbsent(name: FlagName, value: unknown): boolean {
  const flag = FLAGS[name];
  return (
    value === null ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    value === ("default" in flag ? flag.default : null)
  );
}
