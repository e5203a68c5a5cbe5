import type { BlindSpot, Resource, Snapshot } from "../model/snapshot.ts";

/** API group of each kind of evidence. */
const GROUPS: Record<Resource, string> = {
  namespaces: "",
  cronjobs: "batch",
  jobs: "batch",
  pods: "",
  serviceaccounts: "",
  secrets: "",
  configmaps: "",
  nodes: "",
  roles: "rbac.authorization.k8s.io",
  rolebindings: "rbac.authorization.k8s.io",
  clusterroles: "rbac.authorization.k8s.io",
  clusterrolebindings: "rbac.authorization.k8s.io",
};

/** Null when the evidence shows every object of the resource in the namespace (null: in all of the cluster), else what hides some of them. */
export type Seen = (resource: Resource, namespace: string | null) => string | null;

/** Answers from the scope, `collected` and the blind spots: an absent object proves nothing where a list is missing. */
export function whatIsSeen(snapshot: Snapshot): Seen {
  const collected = new Set(snapshot.collected);
  const spots = Map.groupBy(snapshot.blindSpots, ({ resource }) => resource);
  const { namespaces } = snapshot.metadata.scope;
  const scope = namespaces === null ? null : new Set(namespaces);
  const beyond = new Set(snapshot.beyondScope);
  return (resource, namespace) => {
    if (!collected.has(resource)) return `${resource} were not looked at`;
    if (namespace !== null && scope !== null && !scope.has(namespace) && !beyond.has(resource))
      return `${resource} there were not looked at`;
    const spot = spots.get(resource)?.find((one) => hides(one, namespace));
    return spot === undefined ? null : `${resource} could not be listed: ${spot.reason}`;
  };
}

/**
 * As whatIsSeen, for conclusions from an absence: null where an object that is not in the evidence did not exist. A file of
 * objects that somebody chose never proves that.
 */
export function whatIsWhole(snapshot: Snapshot): Seen {
  const seen = whatIsSeen(snapshot);
  if (snapshot.source === "cluster") return seen;
  return (resource, namespace) => seen(resource, namespace) ?? `the evidence is a file that may lack some ${resource}`;
}

/** True when objects of this namespace (null: of any) are behind the blind spot. */
export function hides(spot: Pick<BlindSpot, "namespace" | "except">, namespace: string | null): boolean {
  if (namespace === null || spot.namespace === namespace) return true;
  return spot.namespace === null && !spot.except.includes(namespace);
}

/** What a report is judged from: kinds of objects, and what containers printed. */
export type Need = Resource | "pods/log";

/** What blinds a report that needs these: the snapshot's own blind spots, and one for each kind that was never looked at. */
export function blindSpotsFor(snapshot: Snapshot, needs: readonly Need[]): BlindSpot[] {
  const spots = snapshot.blindSpots.filter(({ resource }) => needs.some((need) => need === resource));
  const kinds = needs.filter((need) => need !== "pods/log");
  const missing = kinds.filter(
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
    except: [],
    reason: "NotInEvidence",
    message: `the evidence holds no ${resource}`,
    blinds: [`whatever depends on ${resource}`],
  };
}
