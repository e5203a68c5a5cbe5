import { allBindingsOf } from "../rbac/authorize.ts";
import { identityOf, type Rbac } from "../rbac/index.ts";
import { scopeOf, SECRET_EDGES } from "../rbac/reach.ts";
import { matchingRules } from "../rbac/who-can.ts";

/** Whether a ServiceAccount directly reads every Secret of some namespace, or of the cluster. Answers are remembered. */
export function accountPowers(rbac: Rbac): (account: { namespace: string; name: string }) => boolean {
  const known = new Map<string, boolean>();
  return (account) => {
    const key = `${account.namespace}/${account.name}`;
    let powerful = known.get(key);
    if (powerful === undefined) known.set(key, (powerful = readsWhole(rbac, account)));
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
