import { allBindingsOf } from "../rbac/authorize.ts";
import { identityOf, type Rbac } from "../rbac/index.ts";
import { scopeOf, SECRET_EDGES } from "../rbac/reach.ts";
import { matchingRules } from "../rbac/who-can.ts";

/** Whether a ServiceAccount directly reads every Secret of some namespace, or of the cluster; null where a grant of it may not have been seen. */
export type Powerful = (account: { namespace: string; name: string }) => boolean | null;

/** Judges accounts by the grants of the evidence; answers are remembered. */
export function accountPowers(rbac: Rbac): Powerful {
  const known = new Map<string, boolean | null>();
  const otherwise = rbac.whole(null) ? false : null;
  return (account) => {
    const key = `${account.namespace}/${account.name}`;
    let powerful = known.get(key);
    if (powerful === undefined) known.set(key, (powerful = readsWhole(rbac, account) || otherwise));
    return powerful;
  };
}

function readsWhole(rbac: Rbac, account: { namespace: string; name: string }): boolean {
  return allBindingsOf(rbac, identityOf({ kind: "ServiceAccount", ...account })).some((binding) => {
    const { role } = binding;
    if (role === null) return false;
    return SECRET_EDGES.some((edge) =>
      matchingRules(role, edge.needs).some((rule) => {
        const scope = scopeOf(rbac, { binding, rule }, edge);
        return scope !== null && (scope.cluster || scope.namespaces.length > 0);
      }),
    );
  });
}
