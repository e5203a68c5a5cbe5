import type { RoleBinding } from "../../model/access.ts";
import type { KindProjection } from "../context.ts";
import { roleBinding } from "../rbac.ts";

export const clusterrolebindings: KindProjection<RoleBinding> = {
  resource: "clusterrolebindings",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  namespaced: false,
  blinds: ["who has rights in the whole cluster"],
  project: (raw, context) => roleBinding("ClusterRoleBinding", raw, context),
};
