import type { Role } from "../../model/access.ts";
import type { KindProjection } from "../context.ts";
import { role } from "../rbac.ts";

export const clusterroles: KindProjection<Role> = {
  resource: "clusterroles",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  namespaced: false,
  blinds: ["what every binding to a ClusterRole grants"],
  project: (raw, context) => role("ClusterRole", raw, context),
};
