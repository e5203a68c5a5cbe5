import type { Rbac } from "./compile.ts";
import { allBindingsOf } from "./authorize.ts";
import { constrainedRights, rightsOf, rightsOfRole, type Rights } from "./held.ts";
import type { Position } from "./position.ts";
import {
  AUTHENTICATED,
  identityOf,
  MASTERS,
  nodeOf,
  normalise,
  SERVICE_ACCOUNTS,
  serviceAccountGroup,
} from "./subjects.ts";
import type { SubjectRef } from "../model/report.ts";
import type { World } from "./world.ts";

/** The rights that a position has of itself, or null where it only stands for others. */
export function rightsAt(world: World, position: Position): Rights | null {
  switch (position.kind) {
    case "subject":
      return rightsOfSubject(world.rbac, position.subject);
    case "role":
      return rightsOfRole(position.role, position.namespace);
    case "constrained": {
      const as = rightsOfSubject(world.rbac, position.as);
      return constrainedRights(as, rightsOfSubject(world.rbac, position.by), position.mode);
    }
    case "username":
      return rightsOf(allBindingsOf(world.rbac, { name: position.name, groups: [AUTHENTICATED] }));
    case "accounts":
    case "users":
    case "usernames":
    case "groups":
    case "node":
    case "nodes":
    case "pods":
    case "node-pods":
    case "everything":
      return null;
  }
}

/** What bindings give a subject, by its name and by the groups that it is known to be in. */
export function rightsOfSubject(rbac: Rbac, subject: SubjectRef): Rights {
  return rightsOf(allBindingsOf(rbac, identityOf(normalise(subject))));
}

/** The positions that one stands for: whoever is at it may choose among them, which costs no further right. */
export function membersOf(world: World, position: Position): Position[] {
  switch (position.kind) {
    case "subject":
      return isMasters(position.subject) ? [everywhere] : [];
    case "accounts":
      return accountsIn(world, position.namespace, position.absent);
    case "users":
      return [...world.usersWithRights.map(subjectAt), groupAt(AUTHENTICATED)];
    case "usernames":
      return world.usernames.map((name) => ({ kind: "username", name }));
    case "groups":
      return world.groupsWithRights.filter(({ name }) => name !== MASTERS).map(subjectAt);
    case "nodes":
      return world.nodes.map((name) => ({ kind: "node", name }));
    case "everything":
      if (position.namespace === "") return [];
      return [
        { kind: "accounts", namespace: position.namespace, absent: true },
        { kind: "pods", namespace: position.namespace, names: null },
      ];
    case "username":
    case "node":
    case "pods":
    case "node-pods":
    case "role":
    case "constrained":
      return [];
  }
}

const everywhere: Position = { kind: "everything", namespace: "" };

/** The API server lets this group through before any rule is read. */
function isMasters({ kind, name }: SubjectRef): boolean {
  return kind === "Group" && name === MASTERS;
}

/**
 * Where a subject stands to begin with: at its own rights and, for a kubelet, at its node. Somebody who only borrows the
 * kubelet's name, by impersonation, is in no group of nodes, and the Node authorizer does not know him.
 */
export function startOf(subject: SubjectRef): Position[] {
  const node = subject.kind === "User" ? nodeOf(subject.name) : null;
  return [subjectAt(subject), ...(node === null ? [] : [{ kind: "node" as const, name: node }])];
}

function accountsIn(world: World, namespace: string, absent: boolean): Position[] {
  const accounts = world
    .accountsWithRights(namespace)
    .filter(({ namespace: of, name }) => absent || world.accountExists(of ?? "", name) !== false);
  const groups = [SERVICE_ACCOUNTS, AUTHENTICATED];
  const own =
    namespace === ""
      ? world.groupsWithRights.filter(({ name }) => name.startsWith(serviceAccountGroup("")))
      : world.groupsWithRights.filter(({ name }) => name === serviceAccountGroup(namespace));
  return [...accounts.map(subjectAt), ...own.map(subjectAt), ...groups.map(groupAt)];
}

function subjectAt(subject: SubjectRef): Position {
  return { kind: "subject", subject };
}

function groupAt(name: string): Position {
  return { kind: "subject", subject: { kind: "Group", namespace: null, name } };
}
