import type { SubjectRef } from "../model/report.ts";
import { allBindingsOf } from "./authorize.ts";
import type { Binding, EffectiveRole, Rbac } from "./compile.ts";
import { constrainedRights, rightsOf, rightsOfRole, together, type Rights } from "./held.ts";
import type { Position } from "./position.ts";
import {
  AUTHENTICATED,
  groupKey,
  identityOf,
  isGroupOfAccounts,
  MASTERS,
  nodeOf,
  NODES,
  nodeUsername,
  normalise,
  SERVICE_ACCOUNTS,
  serviceAccountGroups,
  serviceAccountOf,
  userKey,
  type Identity,
} from "./subjects.ts";
import type { World } from "./world.ts";

/** The rights that a position has of itself, or null where it only stands for others. */
export function rightsAt(world: World, position: Position): Rights | null {
  const { rbac } = world;
  switch (position.kind) {
    case "subject":
      return rightsOfSubject(rbac, position.subject);
    case "identity":
      return rightsOf(allBindingsOf(rbac, identityAt(position)));
    case "node":
      return rightsOf(allBindingsOf(rbac, { name: nodeUsername(position.name), groups: [NODES, AUTHENTICATED] }));
    case "role": {
      const added = addedRights(position);
      return position.holder === null ? added : together(added, rightsOfSubject(rbac, position.holder));
    }
    case "constrained": {
      const as = rightsOfSubject(rbac, position.as);
      return constrainedRights(as, rightsOfSubject(rbac, position.by), position.mode);
    }
    case "accounts":
    case "users":
    case "groups":
    case "nodes":
    case "pods":
    case "node-pods":
    case "tokens":
    case "everything":
      return null;
  }
}

/** Of the rights at a position those that whoever came there did not have; null where all are new. */
export function addedAt(position: Position): Rights | null {
  return position.kind === "role" && position.holder !== null ? addedRights(position) : null;
}

function addedRights({ role, namespace }: Extract<Position, { kind: "role" }>): Rights {
  return rightsOfRole(role, namespace, bindingTo(role, namespace));
}

/** What bindings give a subject, by its name and by the groups that it is known to be in. */
export function rightsOfSubject(rbac: Rbac, subject: SubjectRef): Rights {
  return rightsOf(allBindingsOf(rbac, identityOf(normalise(subject))));
}

/** Nothing is implied: a ServiceAccount's name alone is in none of its groups, and a group brings no other. */
function identityAt({ name, group }: { name: string; group: string | null }): Identity {
  return { name, groups: [...(group === null ? [] : [group]), AUTHENTICATED] };
}

/** The binding that somebody would write, for whoever asks which roles are bound to him. */
function bindingTo(role: EffectiveRole, namespace: string): Binding {
  const { kind, meta } = role.role;
  const source: Binding["source"] = {
    kind: namespace === "" ? "ClusterRoleBinding" : "RoleBinding",
    meta: { ...meta, namespace: namespace === "" ? null : namespace },
    roleRef: { kind, name: meta.name },
    subjects: [],
  };
  return { source, namespace, role, state: "resolved", subjects: [] };
}

const everywhere: Position = { kind: "everything", namespace: "" };

/** The positions that one stands for: whoever is at it may choose among them, which costs no further right. */
export function membersOf(world: World, position: Position): Position[] {
  const borrowed = "borrowed" in position && position.borrowed === true ? ({ borrowed: true } as const) : {};
  switch (position.kind) {
    case "subject":
      if (isMasters(position.subject)) return [everywhere];
      return position.start === true
        ? []
        : groupsOf(position.subject).map((subject) => ({ kind: "subject", subject, ...borrowed }));
    case "accounts":
      return accountsIn(world, position).map((subject) => ({ kind: "subject", subject, ...borrowed }));
    case "users":
      return world.usernames
        .filter((name) => position.borrowed !== true || serviceAccountOf(name) === null)
        .map((name) => ({ kind: "identity", name, group: null, ...borrowed }));
    case "groups":
      return world.groupsWithRights
        .filter(({ name }) => name !== MASTERS)
        .map(({ name }) => ({ kind: "identity", name: "", group: name, ...borrowed }));
    case "nodes":
      return [
        ...nodeNames(world).map((name): Position => ({ kind: "node", name, ...borrowed })),
        // Also where no pod is known to be bound to any.
        { kind: "identity", name: "", group: NODES, ...borrowed },
      ];
    case "everything":
      if (position.namespace === "") return [];
      return [
        { kind: "accounts", namespace: position.namespace, absent: true },
        { kind: "pods", namespace: position.namespace, names: null },
      ];
    case "identity":
    case "node":
    case "pods":
    case "node-pods":
    case "tokens":
    case "role":
    case "constrained":
      return [];
  }
}

/** The nodes that pods are bound to, and those that bindings name. */
function nodeNames({ nodes, usernames }: World): string[] {
  return [...new Set([...nodes, ...usernames.flatMap((name) => nodeOf(name) ?? [])])];
}

/** The API server lets this group through before any rule is read. */
function isMasters({ kind, name }: SubjectRef): boolean {
  return kind === "Group" && name === MASTERS;
}

/** The groups that a subject is in besides itself. */
function groupsOf(subject: SubjectRef): SubjectRef[] {
  return identityOf(normalise(subject))
    .groups.filter((name) => subject.kind !== "Group" || name !== subject.name)
    .map((name) => ({ kind: "Group", namespace: null, name }));
}

/** The bindings that name a subject itself, and not only a group that it is in. */
export function ownBindings(rbac: Rbac, subject: SubjectRef): ReadonlySet<Binding> {
  const named = normalise(subject);
  const key = named.kind === "Group" ? groupKey(named.name) : userKey(identityOf(named).name);
  return new Set(rbac.bySubject.get(key));
}

/** Where a subject stands to begin with: at its own rights; a kubelet at its node, which has them as well. */
export function startOf(subject: SubjectRef): Position[] {
  const node = subject.kind === "User" ? nodeOf(subject.name) : null;
  return [node === null ? { kind: "subject", subject, start: true } : { kind: "node", name: node }];
}

/** Accounts with rights of their own, and the groups that every account of the place is in. */
function accountsIn(world: World, { namespace, absent }: Extract<Position, { kind: "accounts" }>): SubjectRef[] {
  const accounts = world
    .accountsWithRights(namespace)
    .filter(({ namespace: of, name }) => absent || world.accountExists(of ?? "", name) !== false);
  const groups =
    namespace === ""
      ? [
          ...world.groupsWithRights.filter(({ name }) => isGroupOfAccounts(name)).map(({ name }) => name),
          SERVICE_ACCOUNTS,
        ]
      : serviceAccountGroups(namespace);
  const known = groups.filter((name) => world.rbac.bySubject.has(groupKey(name)));
  return [...accounts, ...known.map((name): SubjectRef => ({ kind: "Group", namespace: null, name }))];
}
