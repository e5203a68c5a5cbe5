import type { Role, RoleBinding } from "../model/access.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whatIsSeen, whatIsWhole, type Seen } from "../scope/seen.ts";
import { effectiveRules, type EffectiveRule } from "./aggregation.ts";
import { compareText, subjectKey, subjectOfKey, type SubjectKey } from "./subjects.ts";

/** A role with the rules that the authorizer would evaluate. */
export interface EffectiveRole {
  role: Role;
  rules: readonly EffectiveRule[];
}

/** Why a binding has no role. `missing`: it does not exist; `unseen`: it may exist, the evidence does not say; `unresolvable`: the authorizer never resolves such a reference. */
export type RoleState = "resolved" | "missing" | "unseen" | "unresolvable";

/** A binding with its role. Subjects that match nobody are left out, doubles are folded. */
export interface Binding {
  source: RoleBinding;
  /** "" for a ClusterRoleBinding. */
  namespace: string;
  role: EffectiveRole | null;
  state: RoleState;
  subjects: readonly { key: SubjectKey; subject: SubjectRef }[];
}

/** One rule that reaches a subject through one binding. */
export interface Grant {
  binding: Binding;
  rule: EffectiveRule;
}

/** The roles and bindings of a snapshot, resolved and indexed. Everything is sorted, so the order of the evidence does not show. */
export interface Rbac {
  /** ClusterRoleBindings, by name. */
  cluster: readonly Binding[];
  /** RoleBindings by namespace, by name. */
  byNamespace: ReadonlyMap<string, readonly Binding[]>;
  /** Both kinds by the subjects they name. */
  bySubject: ReadonlyMap<SubjectKey, readonly Binding[]>;
  /** Both kinds, and the same by their own name and by that of their role. */
  all: readonly Binding[];
  byName: ReadonlyMap<string, readonly Binding[]>;
  byRole: ReadonlyMap<string, readonly Binding[]>;
  /** Every role, with the rules that count. */
  roles: readonly EffectiveRole[];
  /** Every namespace that the evidence mentions, sorted. */
  namespaces: readonly string[];
  /** The server's version, `v1.36.4`; null where it is not known. */
  version: string | null;
  /** Whether any grant in this namespace could have been seen; false means that nobody can be counted as a reader. */
  seen(namespace: string): boolean;
  /** Whether every grant that counts in this namespace is in the evidence (null: in any namespace of its scope); false makes an absent grant prove nothing. */
  whole(namespace: string | null): boolean;
}

/** Resolves the bindings of a snapshot and indexes them; linear in bindings, subjects and rules. */
export function compileRbac(snapshot: Snapshot): Rbac {
  const roles = new Map<string, EffectiveRole>();
  for (const role of snapshot.clusterroles) {
    roles.set(roleKey("", role.meta.name), { role, rules: effectiveRules(role, snapshot.clusterroles) });
  }
  for (const role of snapshot.roles) {
    // A Role without a namespace is no object an API server could hold, and must not pass for a ClusterRole.
    const namespace = role.meta.namespace;
    if (namespace !== null && namespace !== "") {
      roles.set(roleKey(namespace, role.meta.name), { role, rules: effectiveRules(role, []) });
    }
  }

  const seen = whatIsSeen(snapshot);
  const whole = whatIsWhole(snapshot);
  const cluster = sorted(snapshot.clusterrolebindings).map((source) => resolve(source, "", roles, whole));
  const byNamespace = new Map<string, Binding[]>();
  for (const source of sorted(snapshot.rolebindings)) {
    // Nor may such a RoleBinding pass for a ClusterRoleBinding.
    const namespace = source.meta.namespace;
    if (namespace !== null && namespace !== "") {
      push(byNamespace, namespace, resolve(source, namespace, roles, whole));
    }
  }

  const bySubject = new Map<SubjectKey, Binding[]>();
  const all = [...cluster, ...[...byNamespace.values()].flat()];
  for (const binding of all) {
    for (const { key } of binding.subjects) push(bySubject, key, binding);
  }
  const namespaces = knownNamespaces(snapshot);
  return {
    cluster,
    byNamespace,
    bySubject,
    all,
    byName: Map.groupBy(all, ({ source }) => source.meta.name),
    byRole: Map.groupBy(all, ({ source }) => source.roleRef.name),
    roles: [...roles].sort(([a], [b]) => compareText(a, b)).map(([, role]) => role),
    namespaces,
    version: snapshot.metadata.cluster.version,
    seen: (namespace) => grantsSeen(snapshot, seen, namespace),
    whole: (namespace) => grantsWhole(whole, namespace),
  };
}

function resolve(
  source: RoleBinding,
  namespace: string,
  roles: ReadonlyMap<string, EffectiveRole>,
  whole: Seen,
): Binding {
  const subjects = new Map<SubjectKey, SubjectRef>();
  for (const subject of source.subjects) {
    const key = subjectKey(subject, namespace);
    if (key !== null) subjects.set(key, subjectOfKey(key));
  }
  const folded = [...subjects].map(([key, subject]) => ({ key, subject }));
  return { source, namespace, ...lookUp(source, namespace, roles, whole), subjects: folded };
}

/** GetRoleReferenceRules of pkg/registry/rbac/validation/rule.go: a Role is looked up in the binding's namespace, and a ClusterRoleBinding has none. */
function lookUp(
  source: RoleBinding,
  namespace: string,
  roles: ReadonlyMap<string, EffectiveRole>,
  whole: Seen,
): Pick<Binding, "role" | "state"> {
  const { kind, name } = source.roleRef;
  if (kind !== "ClusterRole" && (kind !== "Role" || namespace === "")) return { role: null, state: "unresolvable" };
  const role = roles.get(roleKey(kind === "Role" ? namespace : "", name));
  if (role !== undefined) return { role, state: "resolved" };
  const hidden = kind === "Role" ? whole("roles", namespace) : whole("clusterroles", null);
  return { role: null, state: hidden === null ? "missing" : "unseen" };
}

/** "" for ClusterRoles; neither part of the key can hold a slash. */
function roleKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function sorted(bindings: readonly RoleBinding[]): RoleBinding[] {
  return bindings.toSorted(
    (a, b) =>
      compareText(a.meta.namespace ?? "", b.meta.namespace ?? "") ||
      compareText(a.meta.name, b.meta.name) ||
      compareText(a.meta.uid, b.meta.uid),
  );
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function grantsSeen(snapshot: Snapshot, seen: Seen, namespace: string): boolean {
  const clusterRoles = seen("clusterroles", null) === null || snapshot.clusterroles.length > 0;
  const viaCluster = seen("clusterrolebindings", null) === null || snapshot.clusterrolebindings.length > 0;
  const viaNamespace = namespace !== "" && seen("rolebindings", namespace) === null;
  return (viaCluster && clusterRoles) || (viaNamespace && (clusterRoles || seen("roles", namespace) === null));
}

function grantsWhole(whole: Seen, namespace: string | null): boolean {
  if (whole("clusterroles", null) !== null || whole("clusterrolebindings", null) !== null) return false;
  return namespace === "" || (whole("rolebindings", namespace) === null && whole("roles", namespace) === null);
}

function knownNamespaces(snapshot: Snapshot): string[] {
  const names = new Set(snapshot.namespaces.map((namespace) => namespace.meta.name));
  const { cronjobs, jobs, pods, serviceaccounts, roles, rolebindings, secrets } = snapshot;
  for (const list of [cronjobs, jobs, pods, serviceaccounts, roles, rolebindings, secrets]) {
    for (const { meta } of list) if (meta.namespace !== null && meta.namespace !== "") names.add(meta.namespace);
  }
  return [...names].sort(compareText);
}
