import type { Binding, EffectiveRole } from "../compile.ts";
import { creationsByName } from "../creating.ts";
import { api, clusterScoped, type Edge, type Need, type Outcome, type Site } from "../edge.ts";
import { everythingIn, together } from "../gains.ts";
import { coversName, hasMatch, isUnnamed, meet, namesOf, type Held } from "../held.ts";
import type { Position } from "../position.ts";
import { RBAC } from "../resources.ts";

const BINDINGS = [api(RBAC, "rolebindings"), clusterScoped(RBAC, "clusterrolebindings")];
const WRITE_BINDINGS: Need = { verbs: ["patch", "update"], on: BINDINGS, named: "always" };

export const rolesBind: Edge = {
  id: "roles-bind",
  name: "bind a role, and create or change a binding to it",
  grants: "the rules of that role, in the namespace of the binding, beside the holder's own",
  effect: "act-as",
  needs: [
    // For the verb bind, ClusterRoles are asked about in the namespace of the binding.
    { verbs: ["bind"], on: [api(RBAC, "roles"), api(RBAC, "clusterroles")], named: "always" },
    { verbs: ["create", "update", "patch"], on: BINDINGS, named: "either" },
  ],
  since: null,
  until: null,
  caveat:
    "without bind only a role whose rules the holder has already can be bound, which adds nothing; the verb is on roles, not on bindings",
  prevent: [
    "Grant `bind` by resourceNames, on the roles that may be handed on; writing bindings without it hands on what the writer has already.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/rbac/escalation_check.go: BindingAuthorized",
  reach(site) {
    const [bind, write] = site.held;
    if (bind === undefined || write === undefined) return [];
    return [...byNew(site, bind, write), ...byExisting(site, bind, write)].filter(
      ({ reads, to }) => reads !== undefined || to!.length > 0,
    );
  },
};

/** A new binding may refer to any role that exists. */
function byNew(site: Site, bind: Held, write: Held): Outcome[] {
  return BINDINGS.flatMap(({ resource, clusterScoped }) =>
    placesOfNew(site, write, resource).flatMap((place): Outcome[] => {
      if (clusterScoped) return place === "" ? [rolesAt(site, bind, "", true)] : [];
      if (place !== "") return [rolesAt(site, bind, place, false)];
      const { namespaces } = site.world.rbac;
      const any = bind.names === null && hasMatch(bind, null, "clusterroles");
      // Any ClusterRole in every namespace, later ones too.
      if (any) return [everythingIn(site.world, "")];
      return [together(namespaces.map((namespace) => rolesAt(site, bind, namespace, false)))];
    }),
  );
}

/** The namespaces in which a binding can be created: by POST where names do not matter, else under its name. */
function placesOfNew({ where, heldFor }: Site, write: Held, resource: string): string[] {
  if (!hasMatch(write, "create", resource)) return [];
  if (isUnnamed(write)) return [where];
  const creations = creationsByName(write, heldFor(WRITE_BINDINGS)).filter((one) => hasMatch(one, null, resource));
  return [...new Set(creations.flatMap((one) => meet(one.where, where) ?? []))];
}

/** Any ClusterRole includes cluster-admin, which every cluster has. A ClusterRoleBinding takes no Role. */
function rolesAt(
  { world, holder, bindings, borrowed }: Site,
  bind: Held,
  namespace: string,
  clusterWide: boolean,
): Outcome {
  if (bind.names === null && hasMatch(bind, null, "clusterroles")) return everythingIn(world, namespace);
  const roles = world.rbac.roles
    .filter(({ role: { kind, meta } }) => {
      if (kind === "Role" && (clusterWide || meta.namespace !== namespace)) return false;
      return hasMatch(bind, null, resourceOf(kind)) && coversName(bind, meta.name);
    })
    .filter((role) => !isBound(bindings, role, namespace));
  const lent = borrowed ? ({ borrowed: true } as const) : {};
  return { to: roles.map((role): Position => ({ kind: "role", role, namespace, holder, ...lent })) };
}

/** A binding that exists keeps its role, and takes another subject. */
function byExisting({ world, where, holder, bindings, borrowed }: Site, bind: Held, write: Held): Outcome[] {
  const changes = (clusterWide: boolean): boolean =>
    write.matches.some(({ verb, on }) => verb !== "create" && on.clusterScoped === clusterWide);
  const lent = borrowed ? ({ borrowed: true } as const) : {};
  const to = candidates(world.rbac, bind, write).flatMap(({ role, source, namespace }): Position[] => {
    if (role === null || (where !== "" && namespace !== where) || !changes(namespace === "")) return [];
    if (isBound(bindings, role, namespace)) return [];
    if (!coversName(write, source.meta.name) || !coversName(bind, role.role.meta.name)) return [];
    return hasMatch(bind, null, resourceOf(role.role.kind)) ? [{ kind: "role", role, namespace, holder, ...lent }] : [];
  });
  return [{ to }];
}

/** The bindings that can be meant, by the shortest list that holds them. */
function candidates({ all, byName, byRole }: Site["world"]["rbac"], bind: Held, write: Held): readonly Binding[] {
  const names = namesOf(write);
  if (names !== null) return names.flatMap((name) => byName.get(name) ?? []);
  const roles = namesOf(bind);
  return roles === null ? all : roles.flatMap((name) => byRole.get(name) ?? []);
}

const boundOf = new WeakMap<readonly Binding[], Map<EffectiveRole, Set<string>>>();

/** A role that the holder has there already adds nothing. */
function isBound(bindings: readonly Binding[], role: EffectiveRole, namespace: string): boolean {
  const places = boundOf
    .getOrInsertComputed(bindings, () => {
      const found = new Map<EffectiveRole, Set<string>>();
      for (const one of bindings) {
        if (one.role !== null) found.getOrInsertComputed(one.role, () => new Set<string>()).add(one.namespace);
      }
      return found;
    })
    .get(role);
  return places?.has("") === true || places?.has(namespace) === true;
}

function resourceOf(kind: EffectiveRole["role"]["kind"]): string {
  return kind === "ClusterRole" ? "clusterroles" : "roles";
}
