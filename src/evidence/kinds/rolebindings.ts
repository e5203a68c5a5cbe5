import type { RoleBinding } from "../../model/access.ts";
import type { KindProjection } from "../context.ts";
import { roleBinding } from "../rbac.ts";

export const rolebindings: KindProjection<RoleBinding> = {
  resource: "rolebindings",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  namespaced: true,
  blinds: ["who has rights inside namespaces"],
  project: (raw, context) => roleBinding("RoleBinding", raw, context),
};
