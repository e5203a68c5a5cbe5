import type { ChainLink } from "../model/report.ts";
import type { Binding, Grant, Rbac } from "./compile.ts";
import { ruleAllows, type Request } from "./rules.ts";
import { keysOf, MASTERS, type Identity } from "./subjects.ts";

/** The authorizer's answer, with every chain that leads to it; one is enough for the server. */
export interface Decision {
  allowed: boolean;
  by: ChainLink[][];
}

/** The chain of a member of system:masters, whom the API server lets through before any rule is read. */
export const MASTERS_CHAIN: readonly ChainLink[] = [{ kind: "Group", namespace: null, name: MASTERS }];

/**
 * Decides a request as RBACAuthorizer does (plugin/pkg/auth/authorizer/rbac/rbac.go), after the privileged group
 * system:masters. Groups are taken as given: the three of a ServiceAccount come from `identityOf`.
 */
export function authorize(rbac: Rbac, user: Identity, request: Request): Decision {
  const by = bindingsOf(rbac, user, "path" in request ? "" : request.namespace)
    .flatMap((binding) => grantsThrough(binding, request))
    .map(chainOf);
  if (user.groups.includes(MASTERS)) by.unshift([...MASTERS_CHAIN]);
  return { allowed: by.length > 0, by };
}

/** The bindings that name an identity and count for a request in this namespace: RoleBindings are read only where there is one (VisitRulesFor). */
export function bindingsOf(rbac: Rbac, user: Identity, namespace: string): Binding[] {
  return allBindingsOf(rbac, user).filter(
    (binding) => binding.namespace === "" || (namespace !== "" && binding.namespace === namespace),
  );
}

/** Every binding that names an identity, in any namespace, once. */
export function allBindingsOf(rbac: Rbac, user: Identity): Binding[] {
  return [...new Set(keysOf(user).flatMap((key) => rbac.bySubject.get(key) ?? []))];
}

function grantsThrough(binding: Binding, request: Request): Grant[] {
  return (binding.role?.rules ?? []).filter(({ rule }) => ruleAllows(rule, request)).map((rule) => ({ binding, rule }));
}

/** Binding → role → the role that an offline aggregation took the rule from, with the rule's index on the last link. */
export function chainOf({ binding, rule }: Grant): ChainLink[] {
  const chain: ChainLink[] = [bindingLink(binding)];
  const bound = binding.role!.role;
  if (bound !== rule.role) chain.push({ kind: bound.kind, namespace: bound.meta.namespace, name: bound.meta.name });
  const { kind, meta } = rule.role;
  chain.push({ kind, namespace: meta.namespace, name: meta.name, rule: rule.index });
  return chain;
}

export function bindingLink(binding: Binding): ChainLink {
  const { kind, meta } = binding.source;
  return { kind, namespace: meta.namespace, name: meta.name };
}
