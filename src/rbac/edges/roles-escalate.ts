import type { Binding } from "../compile.ts";
import { creationsByName } from "../creating.ts";
import { api, clusterScoped, type Edge, type Need, type Site } from "../edge.ts";
import { everythingIn } from "../gains.ts";
import { coversName, hasMatch, isUnnamed, type Held } from "../held.ts";
import { RBAC } from "../resources.ts";

const ROLES = [api(RBAC, "roles"), clusterScoped(RBAC, "clusterroles")];

const WRITE_ROLES: Need = { verbs: ["patch", "update"], on: ROLES, named: "always" };

export const rolesEscalate: Edge = {
  id: "roles-escalate",
  name: "escalate and write a role that one is bound to",
  grants: "whatever rules the holder writes into the role: everything, where the role is bound",
  effect: "act-as",
  needs: [
    { verbs: ["escalate"], on: ROLES, named: "either" },
    { verbs: ["create", "update", "patch"], on: ROLES, named: "either" },
  ],
  since: null,
  until: null,
  caveat:
    "both verbs are needed on the same role, from whichever bindings; the role must be bound to the holder already, and may be missing: then it is created",
  prevent: [
    "Grant `escalate` to nobody: a controller that hands out roles can be given the rules themselves, or `bind` on roles by resourceNames.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/rbac/escalation_check.go: RoleEscalationAuthorized",
  reach({ world, held, bindings, heldFor }) {
    const [escalate, write] = held;
    if (escalate === undefined || write === undefined) return [];
    const places = bindings
      .filter((binding) => mayWrite(escalate, write, binding, heldFor))
      .map(({ namespace }) => namespace);
    if (places.length === 0) return [{ latent: "no role that it may rewrite is bound to it" }];
    if (places.includes("")) return [everythingIn(world, "")];
    return [...new Set(places)].map((place) => everythingIn(world, place));
  },
};

/** A role that exists is rewritten under its name. A missing one is created: by POST without a name, or under it by apply or PUT. */
function mayWrite(
  escalate: Held,
  write: Held,
  { source, namespace, state }: Binding,
  heldFor: Site["heldFor"],
): boolean {
  if (state !== "resolved" && state !== "missing") return false;
  const { kind, name } = source.roleRef;
  const resource = kind === "ClusterRole" ? "clusterroles" : "roles";
  const near = (held: Held): boolean => held.where === "" || (kind === "Role" && held.where === namespace);
  const covers = (held: Held, verb: string): boolean => near(held) && hasMatch(held, verb, resource);
  if (!covers(escalate, "escalate")) return false;
  const named = coversName(escalate, name) && coversName(write, name);
  const changes = named && (covers(write, "update") || covers(write, "patch"));
  if (state === "resolved") return changes;
  if (!covers(write, "create")) return false;
  const byName =
    coversName(escalate, name) &&
    creationsByName(write, heldFor(WRITE_ROLES)).some((one) => near(one) && coversName(one, name));
  return byName || (isUnnamed(escalate) && isUnnamed(write));
}
