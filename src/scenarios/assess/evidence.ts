import type { BlindSpot, Resource } from "../../model/snapshot.ts";
import { blindSpotsFor, whatIsSeen } from "../../scope/seen.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";

const GRANTS = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const;

/** What hides grants, in words; empty where every grant is in the evidence, so that one that was not found is none. */
export function hiddenGrants({ snapshot, judgement }: Pick<AssessContext, "snapshot" | "judgement">): string[] {
  const { scope } = snapshot.metadata;
  const hidden = GRANTS.flatMap((kind) => judgement.context.whole(kind, null) ?? []);
  const beyond = ["roles", "rolebindings"] as const;
  if (scope.namespaces !== null && !beyond.every((kind) => snapshot.beyondScope.includes(kind)))
    hidden.push("roles and rolebindings of other namespaces were not looked at");
  if (snapshot.otherAuthorizers === true)
    hidden.push("the server asks authorizers besides RBAC, whose grants are not in the evidence");
  return hidden;
}

/** What hides objects of these kinds anywhere, in words. Of a file of chosen objects only the kinds that it lacks. */
export function hiddenKinds({ snapshot }: Pick<AssessContext, "snapshot">, kinds: Iterable<Resource>): string[] {
  return [...new Set(blindSpotsFor(snapshot, [...kinds]).map(inWords))];
}

function inWords({ resource, reason, message }: BlindSpot): string {
  return reason === "NotInEvidence" ? message : `${resource} could not be listed: ${reason}`;
}

/** What hides runs of a namespace, in words: a pod is known as a CronJob's by its Job. */
export function hiddenRuns({ snapshot }: Pick<AssessContext, "snapshot">, namespace: string | null): string[] {
  const seen = whatIsSeen(snapshot);
  return (["jobs", "pods"] as const).flatMap((kind) => seen(kind, namespace) ?? []);
}

/**
 * What hides the owner of a Job or pod, in words, and with it a schedule that may start its like again; empty where it has none,
 * or one that would have been seen.
 */
export function hiddenStarter(
  { judgement }: Pick<AssessContext, "judgement">,
  { object }: Pick<ReplayWorkload, "object">,
): string[] {
  const owner = object.meta.ownerReferences.find(({ controller }) => controller);
  const kind = owner === undefined ? undefined : STARTERS[owner.kind];
  if (kind === undefined) return [];
  const hidden = judgement.context.whole(kind, object.meta.namespace);
  return hidden === null ? [] : [`what started it: ${hidden}`];
}

const STARTERS: Readonly<Record<string, "jobs" | "cronjobs">> = { Job: "jobs", CronJob: "cronjobs" };

/** Some reasons, each once, in their order. */
export function distinct(reasons: readonly string[]): string[] {
  return [...new Set(reasons)];
}
