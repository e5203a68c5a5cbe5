import { api, clusterScoped, type Edge } from "../edge.ts";
import { everythingIn } from "../gains.ts";
import { coversName, hasMatch, type Held } from "../held.ts";
import type { Binding } from "../compile.ts";
import { RBAC } from "../resources.ts";

const ROLES = [api(RBAC, "roles"), clusterScoped(RBAC, "clusterroles")];

export const rolesEscalate: Edge = {
  id: "roles-escalate",
  name: "escalate and change a role that one is bound to",
  grants: "whatever rules the holder writes into the role: everything, where the role is bound",
  effect: "act-as",
  needs: [
    { verbs: ["escalate"], on: ROLES, named: "always" },
    { verbs: ["update", "patch"], on: ROLES, named: "always" },
  ],
  since: null,
  until: null,
  caveat:
    "both verbs are needed on the same role, from whichever bindings; the role must be bound to the holder already",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/rbac/escalation_check.go: RoleEscalationAuthorized",
  reach({ world, held, bindings }) {
    const places = bindings
      .filter((binding) => held.every((one) => coversRole(one, binding)))
      .map(({ namespace }) => namespace);
    if (places.length === 0) return [{ latent: "no role that it may rewrite is bound to it" }];
    if (places.includes("")) return [everythingIn(world, "")];
    return [...new Set(places)].map((place) => everythingIn(world, place));
  },
};

function coversRole(held: Held, { role, namespace }: Binding): boolean {
  if (role === null) return false;
  const { kind, meta } = role.role;
  const at = kind === "ClusterRole" ? held.where === "" : held.where === "" || held.where === namespace;
  return at && hasMatch(held, null, kind === "ClusterRole" ? "clusterroles" : "roles") && coversName(held, meta.name);
}
