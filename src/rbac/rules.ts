import type { PolicyRule } from "../model/access.ts";
import type { ResourceRequest } from "../model/api.ts";

export type { ResourceRequest } from "../model/api.ts";

/** A request for a path that is no resource, such as `/healthz`. */
export interface NonResourceRequest {
  verb: string;
  path: string;
}

export type Request = ResourceRequest | NonResourceRequest;

/** VerbMatches of pkg/apis/rbac/v1/evaluation_helpers.go: exact, or `*`. */
export function verbMatches(rule: PolicyRule, verb: string): boolean {
  return rule.verbs.some((candidate) => candidate === "*" || candidate === verb);
}

/** APIGroupMatches of evaluation_helpers.go: exact, or `*`; the core group is "". */
export function apiGroupMatches(rule: PolicyRule, group: string): boolean {
  return rule.apiGroups.some((candidate) => candidate === "*" || candidate === group);
}

/**
 * ResourceMatches of evaluation_helpers.go: `*` covers everything with its subresources, `*` + `/sub` that subresource of
 * everything, anything else is compared letter by letter. `pods/*` is therefore a literal that no request equals.
 */
export function resourceMatches(rule: PolicyRule, resource: string, subresource: string): boolean {
  const combined = subresource === "" ? resource : `${resource}/${subresource}`;
  return rule.resources.some(
    (candidate) =>
      candidate === "*" || candidate === combined || (subresource !== "" && candidate === `*/${subresource}`),
  );
}

/** ResourceNameMatches of evaluation_helpers.go: no names cover every request, otherwise the request's name must be one of them. A listed "" equals the absent name. */
export function resourceNameMatches(rule: PolicyRule, name: string): boolean {
  return rule.resourceNames.length === 0 || rule.resourceNames.includes(name);
}

/** NonResourceURLMatches of evaluation_helpers.go: exact, `*`, or a prefix before any number of trailing stars. */
export function nonResourceURLMatches(rule: PolicyRule, path: string): boolean {
  return rule.nonResourceURLs.some(
    (candidate) =>
      candidate === "*" ||
      candidate === path ||
      (candidate.endsWith("*") && path.startsWith(candidate.slice(0, trailingStars(candidate)))),
  );
}

/** RuleAllows of plugin/pkg/auth/authorizer/rbac/rbac.go: one rule must cover verb, group, resource and name alone. */
export function ruleAllows(rule: PolicyRule, request: Request): boolean {
  if (!verbMatches(rule, request.verb)) return false;
  if ("path" in request) return nonResourceURLMatches(rule, request.path);
  return (
    apiGroupMatches(rule, request.group) &&
    resourceMatches(rule, request.resource, request.subresource) &&
    resourceNameMatches(rule, request.name)
  );
}

/** Index of the first of the trailing stars; a loop, because a regular expression would be quadratic on hostile input. */
function trailingStars(url: string): number {
  let end = url.length;
  while (end > 0 && url[end - 1] === "*") end--;
  return end;
}
