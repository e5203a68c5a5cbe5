import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { WholeList } from "./collector.ts";
import { versionNumber } from "./recover-search.ts";

/** The kinds that are looked for. Secrets are never. */
export type Workload = "cronjobs" | "jobs" | "pods";

/** The smallest lists first: the search is made with the first that may be listed. */
export const WORKLOADS: Workload[] = ["cronjobs", "jobs", "pods"];

/** One kind as it is now: where it was listed whole, and what there is. */
export interface Present {
  resource: Workload;
  lists: WholeList[];
  /** The oldest resourceVersion of these lists. */
  version: number;
  uids: Set<string>;
  /** The resourceVersion of the newest object in one of the lists. */
  newest(list: WholeList): number;
}

/** What is there now of each kind that was listed whole somewhere; null where resourceVersions cannot be counted. */
export function presentKinds(
  lists: Pick<Snapshot, Workload>,
  whole: (resource: Resource) => WholeList[],
): Present[] | null {
  const kinds: Present[] = [];
  for (const resource of WORKLOADS) {
    const came = whole(resource);
    if (came.length === 0) continue;
    const versions = came.map(({ resourceVersion }) => versionNumber(resourceVersion));
    if (versions.some((version) => version === null)) return null;
    const objects = lists[resource];
    const newest = new Map<string | null, number>();
    const raise = (where: string | null, version: number): unknown =>
      newest.set(where, Math.max(newest.get(where) ?? 0, version));
    for (const { meta } of objects) {
      const version = versionNumber(meta.resourceVersion) ?? 0;
      raise(null, version);
      raise(meta.namespace, version);
    }
    kinds.push({
      resource,
      lists: came,
      version: Math.min(...(versions as number[])),
      uids: new Set(objects.map(({ meta }) => meta.uid)),
      newest: ({ namespace }) => newest.get(namespace) ?? 0,
    });
  }
  return kinds;
}
