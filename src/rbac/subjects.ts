import type { Subject } from "../model/access.ts";
import type { SubjectRef } from "../model/report.ts";

/** Who makes a request, as authentication hands it to the authorizer. `name` "" stands for a member of a group whose name is not known. */
export interface Identity {
  name: string;
  groups: readonly string[];
}

export const MASTERS = "system:masters";
export const AUTHENTICATED = "system:authenticated";
export const UNAUTHENTICATED = "system:unauthenticated";
export const SERVICE_ACCOUNTS = "system:serviceaccounts";
export const NODES = "system:nodes";

const ANONYMOUS = "system:anonymous";
const USERNAME_PREFIX = "system:serviceaccount:";
const GROUP_PREFIX = "system:serviceaccounts:";
const NODE_PREFIX = "system:node:";

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Groups that anybody, or any workload, is in: a grant to one of them is a grant to everyone. */
export const EVERYONE: ReadonlySet<string> = new Set([AUTHENTICATED, UNAUTHENTICATED, SERVICE_ACCOUNTS]);

/** The user name of a ServiceAccount (MakeUsername of apiserver/pkg/authentication/serviceaccount/util.go). */
export function serviceAccountUsername(namespace: string, name: string): string {
  return `${USERNAME_PREFIX}${namespace}:${name}`;
}

/** The ServiceAccount that a user name speaks for, or null (SplitUsername of the same file). */
export function serviceAccountOf(username: string): { namespace: string; name: string } | null {
  if (!username.startsWith(USERNAME_PREFIX)) return null;
  const parts = username.slice(USERNAME_PREFIX.length).split(":");
  const [namespace, name] = parts;
  if (parts.length !== 2 || namespace === undefined || name === undefined) return null;
  return DNS_LABEL.test(namespace) && isObjectName(name) ? { namespace, name } : null;
}

/** True for a name that a Secret or a ServiceAccount can have: a DNS-1123 subdomain of at most 253 characters. */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && DNS_SUBDOMAIN.test(name);
}

/** Groups that the API server adds to a ServiceAccount's token. */
export function serviceAccountGroups(namespace: string): string[] {
  return [SERVICE_ACCOUNTS, serviceAccountGroup(namespace), AUTHENTICATED];
}

/** The group of all ServiceAccounts of one namespace (MakeNamespaceGroupName of the same file). */
export function serviceAccountGroup(namespace: string): string {
  return GROUP_PREFIX + namespace;
}

/** The user name of a node's kubelet. */
export function nodeUsername(node: string): string {
  return NODE_PREFIX + node;
}

/** True for the group of all ServiceAccounts of some namespace. */
export function isGroupOfAccounts(group: string): boolean {
  return group.startsWith(GROUP_PREFIX);
}

/** The node that a user name speaks for, or null (isNodeUsername of apiserver/pkg/endpoints/filters/impersonation, 1.36). */
export function nodeOf(username: string): string | null {
  const name = username.startsWith(NODE_PREFIX) ? username.slice(NODE_PREFIX.length) : "";
  return isObjectName(name) ? name : null;
}

/**
 * The identity that a subject stands for. A user's own groups come from the certificate or the identity provider and are
 * not in the cluster: only the group that every such user is in is given.
 */
export function identityOf(subject: SubjectRef): Identity {
  switch (subject.kind) {
    case "ServiceAccount": {
      const namespace = subject.namespace ?? "";
      return { name: serviceAccountUsername(namespace, subject.name), groups: serviceAccountGroups(namespace) };
    }
    case "User":
      return { name: subject.name, groups: groupsOfUser(subject.name) };
    case "Group":
      return { name: "", groups: groupsAround(subject.name) };
  }
}

/** A kubelet's certificate carries the group of nodes with the name (kubeadm, and the signer kube-apiserver-client-kubelet). */
function groupsOfUser(name: string): string[] {
  if (name === ANONYMOUS) return [UNAUTHENTICATED];
  return nodeOf(name) === null ? [AUTHENTICATED] : [NODES, AUTHENTICATED];
}

/** A member of a group, with the groups that membership implies. */
function groupsAround(group: string): string[] {
  if (group === UNAUTHENTICATED) return [group];
  const implied = group.startsWith(GROUP_PREFIX) ? [SERVICE_ACCOUNTS, AUTHENTICATED] : [AUTHENTICATED];
  return [group, ...implied.filter((other) => other !== group)];
}

/** Key under which a user name or a group is indexed; the two never meet, even under one name. */
export type SubjectKey = `user ${string}` | `group ${string}`;

export function userKey(name: string): SubjectKey {
  return `user ${name}`;
}

export function groupKey(name: string): SubjectKey {
  return `group ${name}`;
}

/** The user name that a key stands for; null for a group's. */
export function usernameOfKey(key: SubjectKey): string | null {
  return key.startsWith("user ") ? key.slice("user ".length) : null;
}

/** The keys that an identity answers to. */
export function keysOf(identity: Identity): SubjectKey[] {
  const groups = identity.groups.map(groupKey);
  return identity.name === "" ? groups : [userKey(identity.name), ...groups];
}

/**
 * Key of a binding's subject, or null where it matches nobody (appliesToUser of pkg/registry/rbac/validation/rule.go).
 * A ServiceAccount is compared by user name alone; without a namespace it takes the RoleBinding's, and in a
 * ClusterRoleBinding, which has none, it matches nobody. `bindingNamespace` is "" there.
 */
export function subjectKey(subject: Subject, bindingNamespace: string): SubjectKey | null {
  if (subject.name === "") return null;
  switch (subject.kind) {
    case "User":
      return userKey(subject.name);
    case "Group":
      return groupKey(subject.name);
    case "ServiceAccount": {
      // The server tests the length, so an empty namespace counts as absent.
      const namespace = subject.namespace === null || subject.namespace === "" ? bindingNamespace : subject.namespace;
      return namespace === "" ? null : userKey(serviceAccountUsername(namespace, subject.name));
    }
    default:
      return null;
  }
}

/** The subject as reports name it: a user name that is a ServiceAccount's becomes that ServiceAccount. */
export function subjectOfKey(key: SubjectKey): SubjectRef {
  if (key.startsWith("group ")) return { kind: "Group", namespace: null, name: key.slice("group ".length) };
  return normalise({ kind: "User", namespace: null, name: key.slice("user ".length) });
}

/** Turns a User with a ServiceAccount's user name into that ServiceAccount: the authorizer cannot tell them apart. */
export function normalise(subject: SubjectRef): SubjectRef {
  const account = subject.kind === "User" ? serviceAccountOf(subject.name) : null;
  return account === null ? subject : { kind: "ServiceAccount", ...account };
}

/** One text for one subject: kind, namespace and name. */
export function subjectText({ kind, namespace, name }: SubjectRef): string {
  return `${kind} ${namespace ?? ""} ${name}`;
}

const KIND_ORDER = { Group: 0, User: 1, ServiceAccount: 2 } as const;

/** Sorts subjects: groups that are everyone first, then groups, users, ServiceAccounts, each by namespace and name. */
export function compareSubjects(a: SubjectRef, b: SubjectRef): number {
  return (
    Number(isEveryone(b)) - Number(isEveryone(a)) ||
    KIND_ORDER[a.kind] - KIND_ORDER[b.kind] ||
    compareText(a.namespace ?? "", b.namespace ?? "") ||
    compareText(a.name, b.name)
  );
}

export function isEveryone(subject: SubjectRef): boolean {
  return subject.kind === "Group" && EVERYONE.has(subject.name);
}

/** Order by UTF-16 code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
