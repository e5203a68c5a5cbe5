import { clusterScoped, type Edge } from "../edge.ts";
import { everythingIn } from "../gains.ts";
import { coversName, isUnnamed } from "../held.ts";
import { RBAC } from "../resources.ts";

const CLUSTER_ROLES = [clusterScoped(RBAC, "clusterroles")];

export const clusterrolesAggregate: Edge = {
  id: "clusterroles-aggregate",
  name: "escalate and write a ClusterRole that is aggregated into one's own",
  grants: "whatever rules the holder writes: the controller copies them into the aggregated role that it is bound to",
  effect: "act-as",
  needs: [
    { verbs: ["escalate"], on: CLUSTER_ROLES, named: "always" },
    { verbs: ["create", "update", "patch"], on: CLUSTER_ROLES, named: "either" },
  ],
  since: null,
  until: null,
  caveat:
    "without escalate the new ClusterRole may hold only what its author has, which adds nothing; the holder must be bound to an aggregated ClusterRole, such as edit",
  prevent: [
    "Grant `escalate` to nobody: a controller that hands out roles can be given the rules themselves, or `bind` on roles by resourceNames.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go; pkg/registry/rbac/escalation_check.go",
  reach({ world, held, bindings }) {
    const [escalate, write] = held;
    if (escalate === undefined || write === undefined) return [];
    const creates = isUnnamed(escalate) && isUnnamed(write) && write.matches.some(({ verb }) => verb === "create");
    // A change takes a ClusterRole that exists; which label it carries is then the holder's choice.
    const changes =
      write.matches.some(({ verb }) => verb !== "create") &&
      world.rbac.roles.some(
        ({ role: { kind, meta } }) =>
          kind === "ClusterRole" && coversName(escalate, meta.name) && coversName(write, meta.name),
      );
    if (!creates && !changes) return [];
    const places = bindings.filter(({ role }) => role?.role.aggregation != null).map(({ namespace }) => namespace);
    if (places.includes("")) return [everythingIn(world, "")];
    return [...new Set(places)].map((place) => everythingIn(world, place));
  },
};
