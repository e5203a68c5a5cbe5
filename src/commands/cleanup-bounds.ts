import { createInterface } from "node:readline/promises";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import type { CleanupChange, CleanupItem, CleanupPlan } from "../model/cleanup.ts";
import { count, grouped, safe } from "../output/text.ts";
import { objectName, someOf } from "../output/views/names.ts";
import { changeLines } from "./cleanup-rules.ts";

const PLACES_SHOWN = 5;

/** Why one word is not enough for these deletions and the plan's changes; null where it is. */
export function whyConfirm(plan: CleanupPlan, chosen: readonly CleanupItem[], { options }: Context): string | null {
  const { "max-deletions": most, "max-percent": percent } = options;
  if (bounded(plan, chosen) > most) return `${doneText(plan, chosen)}, and --max-deletions is ${grouped(most)}`;
  const spread = spreadName(plan, chosen);
  if (spread !== null) return spread;
  const share = (100 * chosen.length) / Math.max(1, plan.items.length);
  if (percent === null || share <= percent) return null;
  return `${String(Math.ceil(share))}% of the Jobs and pods that were judged would be deleted, and --max-percent is ${String(percent)}`;
}

/** What --max-deletions counts: deletions of Jobs and bare pods, and changes that are to be made. */
function bounded(plan: CleanupPlan, chosen: readonly CleanupItem[]): number {
  return chosen.length + toMake(plan).length;
}

function toMake({ changes }: CleanupPlan): CleanupChange[] {
  return changes.filter(({ decision }) => decision === "change");
}

/**
 * A name that was given once, stands in several namespaces, and has a CronJob changed, or itself or a run of it deleted, in
 * one of them: whoever typed it may have meant one of them.
 */
function spreadName(plan: CleanupPlan, chosen: readonly CleanupItem[]): string | null {
  const changed = new Set(toMake(plan).map(({ object }) => objectName(object)));
  const deleted = new Set(
    chosen.flatMap(({ object, owner }) => [object, ...(owner === null ? [] : [owner])].map(objectName)),
  );
  for (const [title, all] of Map.groupBy(plan.rules.named, objectName)) {
    const places = [...new Set(all.map(({ namespace }) => namespace ?? ""))].sort();
    if (places.length === 1 || !(changed.has(title) || deleted.has(title))) continue;
    const where = `${title} stands in ${count(places.length, "namespace")} (${someOf(places, PLACES_SHOWN)})`;
    return changed.has(title) ? `${where}, and --also means all of them` : `${where}, and all of them are meant`;
  }
  return null;
}

/** What is counted, Jobs, bare pods and changes, and how much goes with them. */
function doneText(plan: CleanupPlan, chosen: readonly CleanupItem[]): string {
  const along = new Set(chosen.flatMap(({ dependents }) => dependents.map(({ object }) => object.uid)));
  for (const { object } of chosen) along.delete(object.uid);
  const more = along.size === 0 ? "" : `, and with them ${count(along.size, "other object")}`;
  const changes = toMake(plan).length;
  const parts = [
    ...(chosen.length > 0 || changes === 0 ? [`${count(chosen.length, "object")} would be deleted${more}`] : []),
    ...(changes === 0 ? [] : [`${count(changes, "change")} would be made`]),
  ];
  return parts.join(", ");
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
    throw new CommandError(`${beyond}: ${nothing(plan)}`, howToNarrow(plan, chosen, options));
  }
  const whole = isWhole(plan, context);
  if (options.yes && beyond === null && !whole) return;
  const name = nameToType(plan, chosen);
  const what = beyond ?? doneText(plan, chosen);
  // Those of a file have been said.
  for (const line of [`${what}.`, ...(options.plan === null ? changeLines(plan) : [])])
    io.stderr.write(`${safe(line)}\n`);
  if ((await ask(context, `Type ${safe(name)} to ${chosen.length === 0 ? "go on" : "delete them"}: `)) !== name)
    throw new CommandError(`that is not ${name}: ${nothing(plan)}`);
}

function nothing(plan: CleanupPlan): string {
  return toMake(plan).length === 0 ? "nothing was deleted" : "nothing was deleted, and nothing changed";
}

function howToNarrow(plan: CleanupPlan, chosen: readonly CleanupItem[], options: Context["options"]): string {
  // No number allows what may not be meant.
  if (spreadName(plan, chosen) !== null)
    return options.plan === null
      ? "Name one namespace with -n, or confirm it in a terminal."
      : "Plan it for one namespace with -n, or confirm it in a terminal.";
  const how = `Narrow it with --older-than, --state, -l or -n, or allow it with --max-deletions ${String(bounded(plan, chosen))}`;
  return `${how}${options["max-percent"] === null ? "" : " and --max-percent 100"}.`;
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
