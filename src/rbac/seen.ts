import type { BlindSpot, Resource, Snapshot } from "../model/snapshot.ts";

/** API group of the kinds that an access report is judged from. */
const GROUPS: Record<Resource, string> = {
  namespaces: "",
  cronjobs: "batch",
  jobs: "batch",
  pods: "",
  serviceaccounts: "",
  secrets: "",
  roles: "rbac.authorization.k8s.io",
  rolebindings: "rbac.authorization.k8s.io",
  clusterroles: "rbac.authorization.k8s.io",
  clusterrolebindings: "rbac.authorization.k8s.io",
};

/** True when the absence of an object of this kind in this namespace ("" for the cluster) means that it does not exist. */
export function isSeen(snapshot: Snapshot, resource: Resource, namespace: string): boolean {
  const { namespaces: scope } = snapshot.metadata.scope;
  if (!snapshot.collected.includes(resource)) return false;
  if (namespace !== "" && scope !== null && !scope.includes(namespace)) return false;
  return !snapshot.blindSpots.some(
    (spot) => spot.resource === resource && (spot.namespace === null || spot.namespace === namespace),
  );
}

/** What blinds a report that needs these kinds: the snapshot's own blind spots, and one for each kind that was never looked at. */
export function blindSpotsFor(snapshot: Snapshot, needs: readonly Resource[]): BlindSpot[] {
  const spots = snapshot.blindSpots.filter(
    (spot) => GROUPS[spot.resource as Resource] === spot.group && needs.includes(spot.resource as Resource),
  );
  const missing = needs.filter(
    (resource) => !snapshot.collected.includes(resource) && !spots.some((spot) => spot.resource === resource),
  );
  return [...spots, ...missing.map(notCollected)];
}

function notCollected(resource: Resource): BlindSpot {
  return {
    verb: "list",
    group: GROUPS[resource],
    resource,
    namespace: null,
    reason: "NotInEvidence",
    message: `the evidence holds no ${resource}`,
    blinds: ["who can read Secrets"],
  };
}
