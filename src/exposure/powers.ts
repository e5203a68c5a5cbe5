import { closureOf } from "../rbac/closure.ts";
import type { World } from "../rbac/world.ts";

/** Whether a ServiceAccount reads every Secret of some namespace in the end, or of the cluster; null where a grant of it may not have been seen. */
export type Powerful = (account: { namespace: string; name: string }) => boolean | null;

/** Judges accounts by the grants of the evidence; answers are remembered. */
export function accountPowers(world: World): Powerful {
  const known = new Map<string, boolean | null>();
  const otherwise = world.rbac.whole(null) ? false : null;
  return (account) =>
    known.getOrInsertComputed(`${account.namespace}/${account.name}`, () => {
      const { reach } = closureOf(world, { kind: "ServiceAccount", ...account }, { maxHops: null });
      return reach.cluster || reach.namespaces.length > 0 || otherwise;
    });
}
