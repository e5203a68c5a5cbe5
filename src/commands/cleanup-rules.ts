import { duration } from "../batch/durations.ts";
import type { Also, CleanupChange, CleanupPlan, CleanupRules } from "../model/cleanup.ts";
import { isProtectedNamespace } from "../cleanup/plan/protected.ts";
import { utc } from "../output/age.ts";
import { noChangeLines } from "../output/views/cleanup-none.ts";
import { changeTitle, objectName, someOf } from "../output/views/names.ts";
import { count, grouped } from "../output/text.ts";

const SHOWN = 5;

/**
 * What is changed besides the deletions, a line each, before that is confirmed. What is changed to what comes from the rules, by which
 * it is carried out, and not from the plan's diffs, which may say anything. What --also asks for in vain has a line as well.
 */
export function changeLines(plan: Pick<CleanupPlan, "changes" | "rules" | "items" | "blindSpots">): string[] {
  const { changes, rules, items } = plan;
  const chosen = items.filter(({ decision }) => decision === "delete");
  return [...changes.map((change) => changeLine(change, rules)), ...noChangeLines(plan, chosen)];
}

function changeLine(change: CleanupChange, rules: CleanupRules): string {
  const { object, refusedBecause, takes } = change;
  const title = `${changeTitle(change)}${object.namespace === null ? "" : ` of ${object.namespace}`}`;
  if (refusedBecause !== null) return `${title}: refused, ${refusedBecause}.`;
  const also = rules.also.find(({ way }) => way === change.way);
  if (also === undefined) return `${title}: will be refused, the plan's rules ask for no such change.`;
  const taken = takes.length === 0 ? "" : `; by it alone ${count(takes.length, "job")} would go at once`;
  return `${title}${meaning(also, change)}${taken}.`;
}

/** To what it is changed, and what that means for the runs to come. */
function meaning(also: Also, { because }: CleanupChange): string {
  switch (also.way) {
    case "suspend":
      return ": no further run starts";
    case "ttl": {
      const { seconds } = also;
      const when = seconds === 0 ? "at once" : `${duration(seconds)} after its end`;
      return ` to ${grouped(seconds)} s: each later run deletes itself, with its evidence, ${when}`;
    }
    case "history-limit": {
      const { limit } = also;
      const kept = limit === 0 ? "as soon as it ends" : `once ${grouped(limit)} later ones have ended likewise`;
      return ` to ${grouped(limit)}: each run is deleted, with its evidence, ${kept}`;
    }
    case "delete-token":
      return `: ${because}`;
  }
}

/** What a plan from a file is, and what its rules allow beyond the usual: whoever carries it out has not set them. */
export function planLines(plan: CleanupPlan, file: string): string[] {
  const { metadata, rules } = plan;
  const { user, takenAt, cluster } = metadata;
  const by = user === null ? "" : ` by ${user}`;
  return [
    `${file}: planned at ${utc(takenAt)}${by}, for the cluster at ${cluster.server}.`,
    `Its rules: ${[...narrowing(rules), ...allowing(rules)].join("; ")}.`,
    ...changeLines(plan),
  ];
}

function narrowing({ olderThanSeconds, states, named }: CleanupRules): string[] {
  const parts = [
    ...(olderThanSeconds === null ? [] : [`what finished at least ${duration(olderThanSeconds)} ago`]),
    ...(states.length === 0 ? [] : [`states ${states.join(", ")}`]),
    ...(named.length === 0 ? [] : [`named are ${someOf(named.map(inWords), SHOWN)}, managed or not`]),
  ];
  return parts.length === 0 ? ["whatever has finished"] : parts;
}

function inWords(one: CleanupRules["named"][number]): string {
  return one.namespace === null ? objectName(one) : `${objectName(one)} of ${one.namespace}`;
}

/** What ordinary rules would refuse. */
function allowing({ named, namespaces, stopRunning, yesUnseen, include, by, cascade }: CleanupRules): string[] {
  const places = [...namespaces, ...named.flatMap(({ namespace }) => namespace ?? [])];
  const guarded = [...new Set(places.filter(isProtectedNamespace))].sort();
  return [
    ...(guarded.length === 0 ? [] : [`PROTECTED NAMESPACES may be cleaned: ${guarded.join(", ")}`]),
    ...(stopRunning ? ["what hangs and is named is STOPPED (--stop-running)"] : []),
    ...(yesUnseen ? ["things that nobody saw may go along (--yes-unseen)"] : []),
    ...(include.length === 0 ? [] : [`${include.join(", ")} go along (--include)`]),
    by === "ttl" ? "Jobs go by a TTL of 0 (--delete-by ttl)" : `what is owned goes in the ${cascade}`,
  ];
}
