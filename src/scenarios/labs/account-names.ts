import type { Place, Twin } from "../lab/stage.ts";
import type { Asked } from "./account-judgement.ts";
import { pathOf } from "./acts.ts";

/** The Secret that the workload needs, and the one that is none of its business: in both namespaces, with the canary. */
export function namesOf({ name }: Pick<Twin, "name">): { own: string; neighbour: string } {
  return { own: `${name}-own`, neighbour: `${name}-neighbour` };
}

/** The path of each request, in the order in which they are sent. */
export function pathsOf({ namespace, other }: Place, twin: Pick<Twin, "name">): [Asked, string][] {
  const { own, neighbour } = namesOf(twin);
  return [
    ["own", pathOf("secrets", namespace, own)],
    ["list", pathOf("secrets", namespace)],
    ["list-other", pathOf("secrets", other)],
    ["neighbour", pathOf("secrets", namespace, neighbour)],
    ["neighbour-other", pathOf("secrets", other, neighbour)],
  ];
}
