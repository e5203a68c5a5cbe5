import { CommandError } from "../cli/errors.ts";
import type { ObjectMeta } from "../model/object.ts";
import type { Earlier, Resource, Snapshot } from "../model/snapshot.ts";
import { hides } from "../scope/seen.ts";

function narrowEarlier(earlier: Earlier, namespace: string): Earlier {
  const within = <T extends { meta: ObjectMeta }>(objects: T[]): T[] =>
    objects.filter(({ meta }) => meta.namespace === namespace);
  const { cronjobs, jobs, pods } = earlier;
  return { ...earlier, cronjobs: within(cronjobs), jobs: within(jobs), pods: within(pods) };
}

/**
 * The part of the evidence that a collection with `-n` would have brought: what is in the namespace, what is in none, and
 * all of the kinds that go beyond it. Owners live in the namespace of what they own, so nothing looks orphaned by it.
 */
export function narrow(snapshot: Snapshot, namespace: string, beyondScope: readonly Resource[] = []): Snapshot {
  const { scope } = snapshot.metadata;
  if (scope.namespaces !== null && !scope.namespaces.includes(namespace)) {
    const held = scope.namespaces.length === 0 ? "none" : scope.namespaces.join(", ");
    throw new CommandError(`the evidence does not cover namespace "${namespace}"`, `It covers: ${held}.`);
  }
  const stays = (resource: Resource, within: string | null): boolean =>
    within === namespace || beyondScope.includes(resource);
  const inside = <R extends Resource>(resource: R): Snapshot[R] =>
    snapshot[resource].filter(({ meta }) => stays(resource, meta.namespace)) as Snapshot[R];
  // With the namespace named, which others there are is a question only for what goes beyond it.
  const others = beyondScope.length > 0;
  return {
    ...snapshot,
    metadata: { ...snapshot.metadata, scope: { namespaces: [namespace] } },
    beyondScope: beyondScope.filter((kind) => scope.namespaces === null || snapshot.beyondScope.includes(kind)),
    blindSpots: snapshot.blindSpots.filter((spot) =>
      spot.resource === "namespaces" ? others : stays(spot.resource as Resource, null) || hides(spot, namespace),
    ),
    namespaces: others ? snapshot.namespaces : snapshot.namespaces.filter(({ meta }) => meta.name === namespace),
    cronjobs: inside("cronjobs"),
    jobs: inside("jobs"),
    pods: inside("pods"),
    configmaps: inside("configmaps"),
    serviceaccounts: inside("serviceaccounts"),
    roles: inside("roles"),
    rolebindings: inside("rolebindings"),
    secrets: inside("secrets"),
    earlier: snapshot.earlier && narrowEarlier(snapshot.earlier, namespace),
  };
}
