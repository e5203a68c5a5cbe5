import { duration } from "../batch/durations.ts";
import type { CleanupChange, CleanupPlan, CleanupRules } from "../model/cleanup.ts";
import { isProtectedNamespace } from "../cleanup/plan/protected.ts";
import { utc } from "../output/age.ts";
import { changeTitle, objectName, someOf } from "../output/views/names.ts";
import { count } from "../output/text.ts";

const SHOWN = 5;

/** What is changed besides the deletions, a line each, before that is confirmed. */
export function changeLines({ changes }: Pick<CleanupPlan, "changes">): string[] {
  return changes.map((change) => `${changeTitle(change)}${ends(change)}`);
}

function ends({ refusedBecause, takes, object }: CleanupChange): string {
  const where = object.namespace === null ? "" : ` of ${object.namespace}`;
  if (refusedBecause !== null) return `${where}: refused, ${refusedBecause}.`;
  return `${where}${takes.length === 0 ? "" : `; by it alone ${count(takes.length, "job")} would go at once`}.`;
}

/** What a plan from a file is, and what its rules allow beyond the usual: whoever carries it out has not set them. */
export function planLines({ metadata, rules, changes }: CleanupPlan, file: string): string[] {
  const { user, takenAt, cluster } = metadata;
  const by = user === null ? "" : ` by ${user}`;
  return [
    `${file}: planned at ${utc(takenAt)}${by}, for the cluster at ${cluster.server}.`,
    `Its rules: ${[...narrowing(rules), ...allowing(rules)].join("; ")}.`,
    ...changeLines({ changes }),
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
