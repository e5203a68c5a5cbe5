import { api, clusterScoped, type Edge, type Need, type Outcome, type Site } from "../edge.ts";
import type { Binding, EffectiveRole } from "../compile.ts";
import { createsByName } from "../creating.ts";
import { everythingIn, together } from "../gains.ts";
import { coversName, hasMatch, isUnnamed, type Held } from "../held.ts";
import type { Position } from "../position.ts";
import { RBAC } from "../resources.ts";

const BINDINGS = [api(RBAC, "rolebindings"), clusterScoped(RBAC, "clusterrolebindings")];
const WRITE_BINDINGS: Need = { verbs: ["patch", "update"], on: BINDINGS, named: "always" };

export const rolesBind: Edge = {
  id: "roles-bind",
  name: "bind a role, and create or change a binding to it",
  grants: "the rules of that role, in the namespace of the binding",
  effect: "act-as",
  needs: [
    // For the verb bind, ClusterRoles are asked about in the namespace of the binding.
    { verbs: ["bind"], on: [api(RBAC, "roles"), api(RBAC, "clusterroles")], named: "always" },
    {
      verbs: ["create", "update", "patch"],
      on: BINDINGS,
      named: "either",
    },
  ],
  since: null,
  until: null,
  caveat:
    "without bind only a role whose rules the holder has already can be bound, which adds nothing; the verb is on roles, not on bindings",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/rbac/escalation_check.go: BindingAuthorized",
  reach(site) {
    const [bind, write] = site.held;
    if (bind === undefined || write === undefined) return [];
    return [...byNew(site, bind, write), ...byExisting(site, bind, write)];
  },
};

/** A new binding may refer to any role that exists. */
function byNew({ world, where, heldFor }: Site, bind: Held, write: Held): Outcome[] {
  const creates = (resource: string): boolean =>
    hasMatch(write, "create", resource) &&
    (isUnnamed(write) || createsByName(write, heldFor(WRITE_BINDINGS), resource));
  const everywhere = where === "" && creates("clusterrolebindings");
  const inNamespaces = creates("rolebindings");
  const outcomes: Outcome[] = [];
  if (everywhere && hasMatch(bind, null, "clusterroles")) outcomes.push(rolesAt(world, bind, ""));
  else if (inNamespaces) {
    const places = where === "" ? world.rbac.namespaces : [where];
    outcomes.push(together(places.map((place) => rolesAt(world, bind, place))));
  }
  return outcomes.filter(({ to }) => to!.length > 0);
}

/** Any ClusterRole includes cluster-admin, which every cluster has. */
function rolesAt(world: Site["world"], bind: Held, namespace: string): Outcome {
  if (bind.names === null && hasMatch(bind, null, "clusterroles")) return everythingIn(world, namespace);
  const roles = world.rbac.roles.filter(({ role }) => {
    const resource = role.kind === "ClusterRole" ? "clusterroles" : "roles";
    const near = role.kind === "ClusterRole" || (namespace !== "" && role.meta.namespace === namespace);
    return near && hasMatch(bind, null, resource) && coversName(bind, role.meta.name);
  });
  return { to: roles.map((role) => roleAt(role, namespace)) };
}

/** A binding that exists keeps its role, and takes another subject. */
function byExisting({ world, where }: Site, bind: Held, write: Held): Outcome[] {
  const changes = (resource: string): boolean =>
    write.matches.some(({ verb, on }) => verb !== "create" && on.resource === resource);
  const all: Binding[] = [
    ...(where === "" && changes("clusterrolebindings") ? world.rbac.cluster : []),
    ...(changes("rolebindings")
      ? where === ""
        ? [...world.rbac.byNamespace.values()].flat()
        : (world.rbac.byNamespace.get(where) ?? [])
      : []),
  ];
  const to = all.flatMap(({ role, source, namespace }): Position[] => {
    if (role === null || !coversName(write, source.meta.name)) return [];
    const resource = role.role.kind === "ClusterRole" ? "clusterroles" : "roles";
    if (!hasMatch(bind, null, resource) || !coversName(bind, role.role.meta.name)) return [];
    return [roleAt(role, namespace)];
  });
  return to.length === 0 ? [] : [{ to }];
}

function roleAt(role: EffectiveRole, namespace: string): Position {
  return { kind: "role", role, namespace };
}
