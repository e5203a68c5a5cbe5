import type { LabelSelector, PolicyRule, Role, RoleBinding, Subject } from "../model/access.ts";
import type { Json } from "../model/api.ts";
import type { ProjectionContext } from "./context.ts";
import { mapAt, objectAt, objectsAt, stringAt, stringsAt } from "./json.ts";
import { objectMeta } from "./metadata.ts";
import { noteUnreadable } from "./unreadable.ts";

/** A Role or ClusterRole with its rules; a rule that is no object is left out and noted. */
export function role(kind: Role["kind"], raw: Json, context: ProjectionContext): Role {
  noteUnreadable(kind, raw, ["rules list?", "aggregationRule object?"], context);
  const aggregation = objectAt(raw, "aggregationRule");
  return {
    kind,
    meta: objectMeta(raw, context),
    rules: objectsAt(raw, "rules").map(([rule]) => policyRule(rule)),
    aggregation:
      aggregation === null
        ? null
        : objectsAt(aggregation, "clusterRoleSelectors").map(([selector]) => labelSelector(selector)),
  };
}

function policyRule(rule: Json): PolicyRule {
  return {
    verbs: stringsAt(rule, "verbs"),
    apiGroups: stringsAt(rule, "apiGroups"),
    resources: stringsAt(rule, "resources"),
    resourceNames: stringsAt(rule, "resourceNames"),
    nonResourceURLs: stringsAt(rule, "nonResourceURLs"),
  };
}

function labelSelector(selector: Json): LabelSelector {
  return {
    matchLabels: Object.fromEntries(mapAt(selector, "matchLabels")),
    matchExpressions: objectsAt(selector, "matchExpressions").map(([expression]) => ({
      key: stringAt(expression, "key") ?? "",
      operator: stringAt(expression, "operator") ?? "",
      values: stringsAt(expression, "values"),
    })),
  };
}

/** A RoleBinding or ClusterRoleBinding with its subjects as written. */
export function roleBinding(kind: RoleBinding["kind"], raw: Json, context: ProjectionContext): RoleBinding {
  noteUnreadable(kind, raw, ["roleRef object", "subjects list?"], context);
  const roleRef = objectAt(raw, "roleRef");
  return {
    kind,
    meta: objectMeta(raw, context),
    roleRef: { kind: stringAt(roleRef, "kind") ?? "", name: stringAt(roleRef, "name") ?? "" },
    subjects: objectsAt(raw, "subjects").map(([subject]) => subjectOf(subject)),
  };
}

function subjectOf(subject: Json): Subject {
  return {
    kind: stringAt(subject, "kind") ?? "",
    namespace: stringAt(subject, "namespace"),
    name: stringAt(subject, "name") ?? "",
  };
}
