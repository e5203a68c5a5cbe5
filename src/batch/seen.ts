import type { Resource, Snapshot } from "../model/snapshot.ts";

/** Null when the evidence shows every object of the resource in the namespace, else what hides some of them. */
export type Seen = (resource: Resource, namespace: string | null) => string | null;

/** Answers from `collected` and the blind spots: an absent object proves nothing where a list is missing. */
export function whatIsSeen(snapshot: Snapshot): Seen {
  const collected = new Set<string>(snapshot.collected);
  const blind = Map.groupBy(snapshot.blindSpots, (spot) => spot.resource);
  const listed = new Map<Resource, Set<string | null>>();
  // Who may not list the whole cluster lists namespace by namespace: one object shows that the list of its namespace came.
  const cameAnyway = (resource: Resource, namespace: string): boolean => {
    let namespaces = listed.get(resource);
    if (namespaces === undefined) {
      namespaces = new Set(snapshot[resource].map(({ meta }) => meta.namespace));
      listed.set(resource, namespaces);
    }
    return namespaces.has(namespace);
  };
  return (resource, namespace) => {
    if (!collected.has(resource)) return `${resource} were not looked at`;
    const spot = blind.get(resource)?.find((one) => {
      if (namespace === null || one.namespace === namespace) return true;
      return one.namespace === null && !(one.reason === "Forbidden" && cameAnyway(resource, namespace));
    });
    return spot === undefined ? null : `${resource} could not be listed: ${spot.reason}`;
  };
}
