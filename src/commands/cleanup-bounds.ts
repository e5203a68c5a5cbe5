import { createInterface } from "node:readline/promises";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import type { CleanupItem, CleanupPlan } from "../model/cleanup.ts";
import { count, grouped, safe } from "../output/text.ts";
import { changeLines } from "./cleanup-rules.ts";

/** Why one word is not enough for this choice; null where it is. */
export function whyConfirm(plan: CleanupPlan, chosen: readonly CleanupItem[], { options }: Context): string | null {
  const { "max-deletions": most, "max-percent": percent } = options;
  if (chosen.length > most) return `${deletedText(chosen)}, and --max-deletions is ${grouped(most)}`;
  const share = (100 * chosen.length) / Math.max(1, plan.items.length);
  if (percent === null || share <= percent) return null;
  return `${String(Math.ceil(share))}% of the Jobs and pods that were judged would be deleted, and --max-percent is ${String(percent)}`;
}

/** What is counted, Jobs and bare pods, and how much goes with them. */
function deletedText(chosen: readonly CleanupItem[]): string {
  const along = new Set(chosen.flatMap(({ dependents }) => dependents.map(({ object }) => object.uid)));
  for (const { object } of chosen) along.delete(object.uid);
  const more = along.size === 0 ? "" : `, and with them ${count(along.size, "other object")}`;
  return `${count(chosen.length, "object")} would be deleted${more}`;
}

/** True where nothing but a namespace, or not even that, says what is to go. */
export function isWhole(plan: CleanupPlan, { options, words }: Context): boolean {
  const { olderThanSeconds, states } = plan.rules;
  const selects = options.selector !== null || options["field-selector"] !== null || words.length > 0;
  return olderThanSeconds === null && states.length === 0 && plan.rules.named.length === 0 && !selects;
}

/**
 * Has the choice confirmed: beyond the bounds, or of a whole namespace, by its name typed on a terminal. Never asks without a
 * terminal: there --yes is needed, and a bound is an error. Throws UsageError, CommandError, Interrupted.
 */
export async function confirm(context: Context, plan: CleanupPlan, chosen: readonly CleanupItem[]): Promise<void> {
  const { options, io } = context;
  const beyond = whyConfirm(plan, chosen, context);
  const terminal = io.stdin.isTTY === true && io.stderr.isTTY === true && !options["no-input"];
  if (!terminal) {
    if (!options.yes) throw new UsageError("without a terminal nothing is deleted but with --yes");
    if (beyond === null) return;
    const how = `Narrow it with --older-than, --state, -l or -n, or allow it with --max-deletions ${String(chosen.length)}`;
    throw new CommandError(
      `${beyond}: nothing was deleted`,
      `${how}${options["max-percent"] === null ? "" : " and --max-percent 100"}.`,
    );
  }
  const whole = isWhole(plan, context);
  if (options.yes && beyond === null && !whole) return;
  const name = nameToType(plan, chosen);
  const what = beyond ?? deletedText(chosen);
  // Those of a file have been said.
  for (const line of [`${what}.`, ...(options.plan === null ? changeLines(plan) : [])])
    io.stderr.write(`${safe(line)}\n`);
  if ((await ask(context, `Type ${safe(name)} to ${chosen.length === 0 ? "go on" : "delete them"}: `)) !== name)
    throw new CommandError(`that is not ${name}: nothing was deleted`);
}

/** The namespace's name where it is one, else the cluster's address. */
export function nameToType({ metadata, changes }: CleanupPlan, chosen: readonly CleanupItem[]): string {
  const [only, ...others] = new Set([...chosen, ...changes].map(({ object }) => object.namespace ?? ""));
  return only !== undefined && others.length === 0 ? only : metadata.cluster.server.replace(/^https?:\/\//, "");
}

async function ask({ io }: Context, question: string): Promise<string> {
  // Not a terminal of its own, so that Ctrl-C stays a signal.
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: false });
  // Ctrl-D: a question that nobody can answer any more would wait for ever.
  const end = new AbortController();
  lines.once("close", () => end.abort());
  try {
    return (await lines.question(question, { signal: AbortSignal.any([io.signal, end.signal]) })).trim();
  } catch (error) {
    if (io.signal.aborted) throw new Interrupted();
    if (end.signal.aborted) return "";
    throw error;
  } finally {
    lines.close();
  }
}
