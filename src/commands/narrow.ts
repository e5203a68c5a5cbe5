import { hides } from "../scope/seen.ts";
import { CommandError } from "../cli/errors.ts";
import type { Snapshot } from "../model/snapshot.ts";

/**
 * The part of the evidence that a collection with `-n` would have brought: what is in the namespace, and what is in none.
 * Owners live in the namespace of what they own, so nothing looks orphaned by it.
 */
export function narrow(snapshot: Snapshot, namespace: string): Snapshot {
  const { scope } = snapshot.metadata;
  if (scope.namespaces !== null && !scope.namespaces.includes(namespace)) {
    const held = scope.namespaces.length === 0 ? "none" : scope.namespaces.join(", ");
    throw new CommandError(`the evidence does not cover namespace "${namespace}"`, `It covers: ${held}.`);
  }
  const inside = <T extends { meta: { namespace: string | null } }>(objects: T[]): T[] =>
    objects.filter(({ meta }) => meta.namespace === namespace);
  return {
    ...snapshot,
    metadata: { ...snapshot.metadata, scope: { namespaces: [namespace] } },
    // With the namespace named, which others there are is no question.
    blindSpots: snapshot.blindSpots.filter((spot) => spot.resource !== "namespaces" && hides(spot, namespace)),
    namespaces: snapshot.namespaces.filter(({ meta }) => meta.name === namespace),
    cronjobs: inside(snapshot.cronjobs),
    jobs: inside(snapshot.jobs),
    pods: inside(snapshot.pods),
    serviceaccounts: inside(snapshot.serviceaccounts),
    roles: inside(snapshot.roles),
    rolebindings: inside(snapshot.rolebindings),
    secrets: inside(snapshot.secrets),
  };
}
