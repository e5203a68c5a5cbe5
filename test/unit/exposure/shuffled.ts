import type { ObjectMeta } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";

/** The same evidence with every list in another order, in which nothing is said. */
export function shuffled(of: Snapshot, order: readonly number[]): Snapshot {
  let turn = 0;
  const mix = <T>(all: readonly T[]): T[] =>
    all
      .map((one) => ({ one, rank: order[turn++ % order.length]! }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ one }) => one);
  const labels = (given: Record<string, string>): Record<string, string> =>
    Object.fromEntries(mix(Object.entries(given)));
  const objects = <T extends { meta: ObjectMeta }>(all: readonly T[]): T[] =>
    mix(all).map((one) => ({
      ...one,
      meta: { ...one.meta, labels: labels(one.meta.labels), managedFields: mix(one.meta.managedFields) },
    }));
  return {
    ...of,
    cronjobs: objects(of.cronjobs),
    jobs: objects(of.jobs),
    pods: objects(of.pods),
    serviceaccounts: objects(of.serviceaccounts),
    secrets: objects(of.secrets),
    configmaps: objects(of.configmaps),
    nodes: objects(of.nodes),
    roles: objects(of.roles),
    clusterroles: objects(of.clusterroles),
    rolebindings: objects(of.rolebindings).map((one) => ({ ...one, subjects: mix(one.subjects) })),
    clusterrolebindings: objects(of.clusterrolebindings).map((one) => ({ ...one, subjects: mix(one.subjects) })),
    earlier:
      of.earlier === null
        ? null
        : {
            ...of.earlier,
            cronjobs: objects(of.earlier.cronjobs),
            jobs: objects(of.earlier.jobs),
            pods: objects(of.earlier.pods),
          },
  };
}
