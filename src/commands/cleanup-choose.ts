import type { Context } from "../cli/command.ts";
import type { CleanupItem, CleanupPlan } from "../model/cleanup.ts";
import { wantsColor } from "../output/color.ts";
import { safe } from "../output/text.ts";
import { isWhole, nameToType, whyConfirm } from "./cleanup-bounds.ts";
import type { Planned } from "./cleanup-plan.ts";
import { changeLines } from "./cleanup-rules.ts";

/**
 * True where the plan is a list to choose from: in a terminal, with something to choose. A plan that goes to a pipe or into a file
 * is for somebody else, and --no-input asks nothing.
 */
export function asksToChoose({ options, io }: Context, { items }: CleanupPlan): boolean {
  const isTerminal = [io.stdin, io.stdout, io.stderr].every(({ isTTY }) => isTTY === true) && io.env["TERM"] !== "dumb";
  const isForPeople = options.output === "table" || options.output === "wide";
  return isTerminal && isForPeople && !options["no-input"] && items.some(({ decision }) => decision !== "refuse");
}

/**
 * Lets the user choose, has the choice confirmed, and deletes it. Returns the exit status; of evidence in a file, which nothing
 * can be deleted from, the plan of what was chosen. Throws Interrupted.
 */
export async function choose(context: Context, planned: Planned): Promise<number | CleanupPlan> {
  const { plan, tally } = planned;
  const { options, io } = context;
  const say = (line: string): unknown => io.stderr.write(`${safe(line)}\n`);
  const { chooseItems } = await import("../cli/choose/index.ts");
  const color = wantsColor(options.color as "auto", io.stderr.isTTY === true, io.env);
  const uids = await chooseItems(io, { plan, tally, color });
  if (uids === null) {
    say("Nothing was deleted.");
    return 0;
  }
  const chosen = plan.items.filter(({ object }) => uids.has(object.uid ?? ""));
  const asChosen = await narrowed(planned, chosen);
  if (options.filename !== null) {
    say("What a file holds cannot be deleted: this is the plan of what was chosen.");
    return asChosen;
  }
  if (!(await isConfirmed(context, asChosen, { plan, chosen }))) {
    say("Nothing was deleted.");
    return 0;
  }
  const { carryOutChoice } = await import("./cleanup-run.ts");
  return carryOutChoice(context, asChosen, chosen);
}

/** The plan as far as it was chosen; what needed a choice of its own has it now. */
async function narrowed({ plan, tally, narrow }: Planned, chosen: readonly CleanupItem[]): Promise<CleanupPlan> {
  const { going } = await import("../cli/choose/totals.ts");
  const { jobs, pods, others } = going(chosen);
  const items = chosen.map((item): CleanupItem => ({ ...item, decision: "delete" }));
  const uids = new Set(chosen.map(({ object }) => object.uid ?? ""));
  const { notEnded, changes } = narrow(uids);
  const summary = { ...plan.summary, ...tally(uids), notEnded, toDelete: items.length, toChoose: 0, refused: 0, pods };
  const asked = items.filter(({ object }) => object.kind === "Job").length;
  return { ...plan, items, changes, summary: { ...summary, others: others + jobs - asked } };
}

/** Says once more what would go, and has that typed: how much it is, or its name where it is very much. */
async function isConfirmed(
  context: Context,
  asChosen: CleanupPlan,
  { plan, chosen }: { plan: CleanupPlan; chosen: readonly CleanupItem[] },
): Promise<boolean> {
  const [{ confirmTyped }, { endsParts, going, goingText }] = await Promise.all([
    import("../cli/choose/confirm.ts"),
    import("../cli/choose/totals.ts"),
  ]);
  // Judged among all that the plan judged, with what this choice changes.
  const asked = { ...plan, changes: asChosen.changes };
  const beyond = whyConfirm(asked, chosen, context);
  const taken = new Set(chosen);
  const isAll = plan.items.every((item) => item.decision !== "delete" || taken.has(item));
  const whole = isAll && isWhole(plan, context);
  const { jobs, pods, others } = going(chosen);
  const expected = beyond !== null || whole ? nameToType(asked, chosen) : String(jobs + pods + others);
  return confirmTyped(context.io, expected, [
    `${goingText(chosen)} would be deleted; ${endsParts(asChosen.summary).join("; ")}.`,
    ...(beyond === null ? [] : [`${beyond}.`]),
    ...(whole ? ["That is everything that may go here."] : []),
    ...changeLines(asChosen),
    ...asChosen.summary.notEnded,
  ]);
}
