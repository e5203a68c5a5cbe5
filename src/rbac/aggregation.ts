import type { LabelSelector, PolicyRule, Role } from "../model/access.ts";
import { compareText } from "./subjects.ts";

/** One rule that a role gives, with the role it is written in and its index there. */
export interface EffectiveRule {
  rule: PolicyRule;
  role: Role;
  index: number;
}

/** Whether an API server wrote the object; a manifest has neither of the two. */
function cameFromServer(role: Role): boolean {
  return role.meta.resourceVersion !== "" || role.meta.creationTimestamp !== null;
}

/**
 * The rules that the authorizer would evaluate for a role.
 *
 * The authorizer reads `rules` and never the aggregation rule, so for an object that came from an API server `rules` is
 * the whole answer: adding what the selectors match would claim grants that the server refuses while the aggregation
 * controller lags or is not running. For a manifest the controller has not run yet, and what it will write is computed
 * from labels; the manifest's own rules are kept as well, because they hold until it does, and because a dump stripped of
 * its metadata has the aggregated rules there already.
 */
export function effectiveRules(role: Role, clusterRoles: readonly Role[]): EffectiveRule[] {
  const own = rulesOf(role);
  if (role.aggregation === null || cameFromServer(role)) return own;
  const aggregated = [...reachable(role, clusterRoles)].sort((a, b) => compareText(a.meta.name, b.meta.name));
  return [...own, ...aggregated.flatMap(rulesOf)];
}

function rulesOf(role: Role): EffectiveRule[] {
  return role.rules.map((rule, index) => ({ rule, role, index }));
}

/** Every ClusterRole whose rules end up in `start`: aggregation of aggregated roles is transitive, and may be circular. */
function reachable(start: Role, clusterRoles: readonly Role[]): Set<Role> {
  const seen = new Set<Role>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.aggregation === null || (next !== start && cameFromServer(next))) continue;
    for (const role of selected(next.aggregation, clusterRoles)) {
      if (role.meta.name === start.meta.name || seen.has(role)) continue;
      seen.add(role);
      open.push(role);
    }
  }
  return seen;
}

/** An invalid selector makes the controller give up on the whole role (clusterroleaggregation_controller.go). */
function selected(selectors: readonly LabelSelector[], clusterRoles: readonly Role[]): Role[] {
  if (!selectors.every(isValid)) return [];
  return clusterRoles.filter((role) => selectors.some((selector) => selectorMatches(selector, role.meta.labels)));
}

function isValid(selector: LabelSelector): boolean {
  return selector.matchExpressions.every(({ operator, values }) => {
    if (operator === "In" || operator === "NotIn") return values.length > 0;
    return (operator === "Exists" || operator === "DoesNotExist") && values.length === 0;
  });
}

/** LabelSelectorAsSelector of apimachinery: all requirements must hold, none selects everything, NotIn holds for an absent key. */
export function selectorMatches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const has = (key: string) => Object.hasOwn(labels, key);
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => has(key) && labels[key] === value) &&
    selector.matchExpressions.every(({ key, operator, values }) => {
      const value = has(key) ? labels[key] : undefined;
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
}
