import type { ObjectMeta } from "./object.ts";

/** rbac.authorization.k8s.io/v1 PolicyRule; absent lists are empty. */
export interface PolicyRule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames: string[];
  nonResourceURLs: string[];
}

/** A subject as a binding writes it. `namespace` is null where the binding has none. */
export interface Subject {
  kind: string;
  namespace: string | null;
  name: string;
}

export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values: string[];
}

export interface LabelSelector {
  matchLabels: Record<string, string>;
  matchExpressions: LabelSelectorRequirement[];
}

/** A Role or a ClusterRole; `meta.namespace` is null for the latter. */
export interface Role {
  kind: "Role" | "ClusterRole";
  meta: ObjectMeta;
  rules: PolicyRule[];
  /** aggregationRule.clusterRoleSelectors, or null. The controller has already written what they select into `rules` on a live cluster. */
  aggregation: LabelSelector[] | null;
}

/** A RoleBinding or a ClusterRoleBinding; `meta.namespace` is null for the latter. */
export interface RoleBinding {
  kind: "RoleBinding" | "ClusterRoleBinding";
  meta: ObjectMeta;
  roleRef: { kind: string; name: string };
  subjects: Subject[];
}

export interface ServiceAccount {
  kind: "ServiceAccount";
  meta: ObjectMeta;
  automountServiceAccountToken: boolean | null;
  secrets: string[];
  imagePullSecrets: string[];
  /** The cloud's identity that an annotation ties it to: `AWS IAM role`; null where it names none. */
  cloudIdentity: string | null;
}
