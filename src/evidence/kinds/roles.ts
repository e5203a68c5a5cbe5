import type { Role } from "../../model/access.ts";
import type { KindProjection } from "../context.ts";
import { role } from "../rbac.ts";

export const roles: KindProjection<Role> = {
  resource: "roles",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  namespaced: true,
  blinds: ["what RoleBindings to Roles grant"],
  project: (raw, context) => role("Role", raw, context),
};
