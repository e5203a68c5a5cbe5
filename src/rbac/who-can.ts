import type { SubjectRef } from "../model/report.ts";
import { isBuiltIn } from "./builtin.ts";
import type { Binding, EffectiveRole, Grant, Rbac } from "./compile.ts";
import type { EffectiveRule } from "./aggregation.ts";
import { apiGroupMatches, resourceMatches, verbMatches, type ResourceRequest } from "./rules.ts";
import { compareSubjects, groupKey, MASTERS, type SubjectKey } from "./subjects.ts";

/** A subject that a request is granted to. `grants` is empty for system:masters alone, which needs none. */
export interface Granted {
  subject: SubjectRef;
  grants: readonly Grant[];
  /** True when Kubernetes' own bootstrap bindings are all that grants it. */
  builtIn: boolean;
}

/** What a request asks for, apart from where: the part that a rule is matched with once for all names and namespaces. */
export type Operation = Pick<ResourceRequest, "verb" | "group" | "resource" | "subresource">;

/** The grants of one operation through one set of bindings, split by whether rules name objects. */
export interface OperationGrants {
  anyName: readonly Grant[];
  byName: ReadonlyMap<string, readonly Grant[]>;
}

const NO_BINDINGS: readonly Binding[] = [];
const rulesByRole = new WeakMap<EffectiveRole, Map<string, readonly EffectiveRule[]>>();
const grantsByBindings = new WeakMap<readonly Binding[], Map<string, OperationGrants>>();

/**
 * The subjects that a request is granted to, the reverse of `authorize`: an identity is allowed exactly when its name or one
 * of its groups is among them. Groups stay groups; who is in them is known only for ServiceAccounts.
 */
export function whoCan(rbac: Rbac, request: ResourceRequest): Granted[] {
  const found = new Map<SubjectKey, { subject: SubjectRef; grants: Grant[]; builtIn: boolean }>();
  const masters: SubjectRef = { kind: "Group", namespace: null, name: MASTERS };
  found.set(groupKey(MASTERS), { subject: masters, grants: [], builtIn: true });
  for (const bindings of bindingsFor(rbac, request.namespace)) {
    const { anyName, byName } = operationGrants(bindings, request);
    for (const grant of [...anyName, ...(byName.get(request.name) ?? [])]) {
      for (const { key, subject } of grant.binding.subjects) {
        const builtIn = key === groupKey(MASTERS) || isBuiltIn(grant.binding.source, subject);
        const entry = found.get(key);
        if (entry === undefined) found.set(key, { subject, grants: [grant], builtIn });
        else {
          entry.grants.push(grant);
          entry.builtIn &&= builtIn;
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => compareSubjects(a.subject, b.subject));
}

/** The sets of bindings that count for a request in this namespace; "" is cluster-wide. */
export function bindingsFor(rbac: Rbac, namespace: string): (readonly Binding[])[] {
  return namespace === "" ? [rbac.cluster] : [rbac.cluster, rbac.byNamespace.get(namespace) ?? NO_BINDINGS];
}

/** Remembered per set of bindings, so that asking about thousands of objects reads each binding once. */
export function operationGrants(bindings: readonly Binding[], operation: Operation): OperationGrants {
  const key = operationKey(operation);
  const known = grantsByBindings.getOrInsertComputed(bindings, () => new Map<string, OperationGrants>());
  return known.getOrInsertComputed(key, () => {
    const anyName: Grant[] = [];
    const byName = new Map<string, Grant[]>();
    for (const binding of bindings) {
      for (const rule of binding.role === null ? [] : matchingRules(binding.role, operation)) {
        const { resourceNames } = rule.rule;
        if (resourceNames.length === 0) anyName.push({ binding, rule });
        for (const name of new Set(resourceNames)) {
          byName.getOrInsertComputed(name, () => []).push({ binding, rule });
        }
      }
    }
    return { anyName, byName };
  });
}

/** The rules of a role that cover an operation, whatever names they are limited to. */
export function matchingRules(role: EffectiveRole, operation: Operation): readonly EffectiveRule[] {
  const known = rulesByRole.getOrInsertComputed(role, () => new Map<string, readonly EffectiveRule[]>());
  return known.getOrInsertComputed(operationKey(operation), () =>
    role.rules.filter(
      ({ rule }) =>
        verbMatches(rule, operation.verb) &&
        apiGroupMatches(rule, operation.group) &&
        resourceMatches(rule, operation.resource, operation.subresource),
    ),
  );
}

function operationKey({ verb, group, resource, subresource }: Operation): string {
  return `${verb} ${group}/${resource}/${subresource}`;
}
