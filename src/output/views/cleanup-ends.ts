import type { CleanupPlan } from "../../model/report.ts";
import { age } from "../age.ts";
import { count, grouped } from "../text.ts";
import { shellQuote } from "../shell.ts";
import type { ViewOptions } from "../view.ts";
import { noChangeLines } from "./cleanup-none.ts";
import { changeTitle, objectName, someOf } from "./names.ts";

const SHOWN = 5;
/** Other ways are offered for so many objects; -o json has all. */
const WAYS_SHOWN = 3;
const TAKES_SHOWN = 5;

/** Why something needs a choice or is refused, whole: one line for each reason, with the first object that has it. */
export function reasonLines({ items }: CleanupPlan): string[] {
  const held = items.filter(({ decision }) => decision !== "delete");
  const groups = Map.groupBy(held, ({ decision, refusal }) => refusal ?? decision);
  return [...groups].map(([reason, [first, ...others]]) => {
    const { object, refusedBecause, needsBecause } = first!;
    const title = reason === "choose" ? "Choose" : `Refused, ${reason}`;
    const more = others.length === 0 ? "" : `; ${grouped(others.length)} more likewise`;
    return `${title}: ${objectName(object)}: ${refusedBecause ?? needsBecause ?? ""}${more}`;
  });
}

/** What --also changes, with the patch as a diff; what it does not, with the reason. */
export function changeLines(plan: CleanupPlan): string[] {
  const chosen = plan.items.filter(({ decision }) => decision === "delete");
  const lines = plan.changes.flatMap((change) => {
    const { because, refusedBecause, diff, takes, object, way } = change;
    const where = object.namespace === null ? "" : ` (${object.namespace})`;
    const title = `${changeTitle(change)}${where}`;
    if (refusedBecause !== null) return [`Change refused: ${title}: ${refusedBecause}`];
    const at = way === "suspend" ? "before" : "after";
    return [
      `Change, ${at} the deletions: ${title}: ${because}`,
      ...diff.map((line) => `    ${line}`),
      ...(takes.length === 0
        ? []
        : [`    At once by it, so deleted before: ${someOf(takes.map(objectName), TAKES_SHOWN)}`]),
    ];
  });
  return [...lines, ...noChangeLines(plan, chosen)];
}

/** What stays open, what has to be made anew, what else can be done, and the next step. */
export function endLines(plan: CleanupPlan, options: ViewOptions): string[] {
  const { summary, metadata } = plan;
  const rotate = summary.rotate.map(({ name, since, readers, everyone }) => {
    const who = everyone ? "everyone" : readers === null ? "unknown readers" : count(readers, "reader");
    return `${name} (exposed ${age(since, metadata.takenAt)}, ${who})`;
  });
  return [
    ...summary.notEnded,
    ...(rotate.length === 0 ? [] : [`Rotate whatever is deleted: ${someOf(rotate, SHOWN)}.`]),
    ...wayLines(plan, options),
    `Next: ${next(plan, options)}`,
  ];
}

function wayLines({ summary }: CleanupPlan, { wide }: ViewOptions): string[] {
  const most = wide ? Infinity : WAYS_SHOWN;
  const ways = summary.otherWays;
  const lines = ways
    .slice(0, most)
    .flatMap(({ object, because, diff, command }) => [
      `Or: ${command}`,
      `    ${objectName(object)}: ${because}`,
      ...diff.map((line) => `    ${line}`),
    ]);
  const more = ways.length > most ? [`${count(ways.length - most, "other way")} more: -o wide.`] : [];
  return [...lines, ...more, ...alsoHint(ways)];
}

/** How a cleanup does it itself; nothing where there is nothing to do. */
export function alsoHint(ways: CleanupPlan["summary"]["otherWays"]): string[] {
  const texts = [...new Set(ways.map(({ way }) => way))].map((way) => `--also ${way === "ttl" ? "ttl=1h" : way}`);
  const unseen = ways.some(({ way, object }) => way === "delete-token" && object.uid === null);
  return texts.length === 0 ? [] : [`With the cleanup: ${[...texts, ...(unseen ? ["--list-secrets"] : [])].join(" ")}`];
}

function next(plan: CleanupPlan, { command }: ViewOptions): string {
  const { items } = plan;
  const unseen = items.some(({ refusal }) => refusal === "unseen-dependents");
  if (unseen && items.every(({ decision }) => decision === "refuse"))
    return `${command(`cleanup ${flagsOf(plan)}--yes-unseen`)}  # if what else may go along does not matter`;
  const [{ object: of } = plan.changes[0]!] = items;
  return command(
    `exposure ${shellQuote(objectName(of))}${of.namespace === null ? "" : ` -n ${shellQuote(of.namespace)}`}`,
  );
}

function alsoText(also: CleanupPlan["rules"]["also"][number]): string {
  switch (also.way) {
    case "ttl":
      return `ttl=${String(also.seconds)}s`;
    case "history-limit":
      return `history-limit=${String(also.limit)}`;
    case "suspend":
    case "delete-token":
      return also.way;
  }
}

/** What was asked, as it can be typed again. */
function flagsOf({ rules }: CleanupPlan): string {
  const parts = [
    ...rules.named.map((one) => shellQuote(objectName(one))),
    ...(rules.olderThanSeconds === null ? [] : [`--older-than ${String(rules.olderThanSeconds)}s`]),
    ...rules.states.map((state) => `--state ${state}`),
    ...(rules.stopRunning ? ["--stop-running"] : []),
    ...rules.include.map((one) => `--include ${shellQuote(one)}`),
    ...(rules.by === "ttl" ? ["--delete-by ttl"] : []),
    ...rules.also.map((one) => `--also ${alsoText(one)}`),
  ];
  return parts.map((part) => `${part} `).join("");
}
