import type { SubjectRef } from "../../../src/model/report.ts";

const GROUP = "rbac.authorization.k8s.io";

export interface RawRule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
}

export interface RawSubject {
  kind: string;
  apiGroup?: string;
  namespace?: string;
  name: string;
}

interface RawMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
}

export interface RawRole {
  apiVersion: string;
  kind: "Role" | "ClusterRole";
  metadata: RawMeta;
  rules: RawRule[];
  aggregationRule?: unknown;
}

export interface RawBinding {
  apiVersion: string;
  kind: "RoleBinding" | "ClusterRoleBinding";
  metadata: RawMeta;
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: RawSubject[];
}

/** A manifest that an API server accepts from a member of system:masters. */
export type RawManifest = RawRole | RawBinding;

/** One random set of roles and bindings, with everything worth asking about it. */
export interface RandomRbac {
  /** Roles before bindings. Names are unique to the prefix, cluster-scoped ones included. */
  manifests: RawManifest[];
  /** ServiceAccounts, users and groups to ask about; the ServiceAccounts exist nowhere unless the caller makes them. */
  subjects: SubjectRef[];
  namespaces: string[];
  /** Names of Secrets, pods, Jobs and CronJobs that rules mention, and one that no rule mentions. */
  names: string[];
}

/** A repeatable source of numbers in [0, 1): mulberry32. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const NAMES = ["db", "api", "tls.example", "x"];
const ACCOUNTS = ["backup", "rotate", "default"];

/** Values on the left are drawn more often: the ordinary ones come up by themselves. */
const VERBS = ["get", "list", "watch", "*", "create", "delete", "deletecollection", "patch", "GET", "get*"];
const API_GROUPS = ["", "*", "batch", "apps", "v1", "core"];
const RESOURCES = [
  "secrets",
  "*",
  "pods",
  "jobs",
  "cronjobs",
  "secrets/*",
  "pods/*",
  "*/*",
  "*/log",
  "*/status",
  "pods/log",
  "configmaps",
  "Secrets",
];
const RESOURCE_NAMES = ["db", "api", "*", "", "tls.example", "d*", "DB"];

/**
 * A random set of Roles, ClusterRoles and bindings in the given namespaces, the same for the same seed. It favours what is
 * easily judged wrong: wildcards and what only looks like one, subresources, names, groups, doubled subjects, ServiceAccounts
 * without namespace or of another namespace or written as users, and references to roles that do not exist.
 */
export function randomRbac(seed: number, namespaces: readonly string[], prefix = `rnd-${String(seed)}`): RandomRbac {
  const random = randomSource(seed);
  const chance = (probability: number) => random() < probability;
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  /** Squared, so that the first entries of a list come up most. */
  const prefer = <T>(from: readonly T[]): T => from[Math.floor(random() ** 2 * from.length)]!;
  const several = <T>(from: readonly T[], most: number): T[] =>
    Array.from({ length: 1 + below(most) }, () => prefer(from));

  const users = ["alice", "*", `system:serviceaccount:${pick(namespaces)}:backup`, "system:anonymous", "dev"];
  const groups = [
    `system:serviceaccounts:${pick(namespaces)}`,
    "dev",
    "system:serviceaccounts",
    "system:authenticated",
    "system:unauthenticated",
  ];

  const rule = (): RawRule => ({
    verbs: several(VERBS, 3),
    apiGroups: several(API_GROUPS, 2),
    resources: several(RESOURCES, 2),
    ...(chance(0.4) ? { resourceNames: several(RESOURCE_NAMES, 3) } : {}),
  });
  const rules = (): RawRule[] => {
    const made = Array.from({ length: below(4) }, rule);
    return made.length > 0 && chance(0.15) ? [...made, made[0]!] : made;
  };
  const subject = (inNamespace: boolean): RawSubject => {
    const kind = random();
    if (kind < 0.25) return { kind: "Group", apiGroup: GROUP, name: prefer(groups) };
    if (kind < 0.5) return { kind: "User", apiGroup: GROUP, name: pick(users) };
    const name = prefer(ACCOUNTS);
    // Only a RoleBinding may leave the namespace out: validation refuses it in a ClusterRoleBinding.
    if (inNamespace && chance(0.4)) return { kind: "ServiceAccount", name };
    return { kind: "ServiceAccount", name, namespace: pick(namespaces) };
  };
  const subjects = (inNamespace: boolean): RawSubject[] => {
    const made = Array.from({ length: below(4) }, () => subject(inNamespace));
    return made.length > 0 && chance(0.2) ? [...made, made[0]!] : made;
  };

  const apiVersion = `${GROUP}/v1`;
  const roleNames = ["reader", "writer", "named"].map((name) => `${prefix}-${name}`);
  const clusterRoleNames = ["reader", "admin", "odd"].map((name) => `${prefix}-${name}`);
  const missing = `${prefix}-missing`;
  const manifests: RawManifest[] = [];
  for (const name of clusterRoleNames) {
    manifests.push({ apiVersion, kind: "ClusterRole", metadata: { name }, rules: rules() });
  }
  for (const namespace of namespaces) {
    for (const name of roleNames) {
      // A role of one name may exist in one namespace and be missing, or harmless, in the next.
      if (chance(0.75)) manifests.push({ apiVersion, kind: "Role", metadata: { name, namespace }, rules: rules() });
    }
  }
  for (let index = below(3); index >= 0; index--) {
    manifests.push({
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: `${prefix}-${String(index)}` },
      roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: prefer([...clusterRoleNames, missing]) },
      subjects: subjects(false),
    });
  }
  for (const namespace of namespaces) {
    for (let index = below(4); index >= 0; index--) {
      const kind = chance(0.6) ? "Role" : "ClusterRole";
      const name = prefer([...(kind === "Role" ? roleNames : clusterRoleNames), missing]);
      manifests.push({
        apiVersion,
        kind: "RoleBinding",
        metadata: { name: `${prefix}-${String(index)}`, namespace },
        roleRef: { apiGroup: GROUP, kind, name },
        subjects: subjects(true),
      });
    }
  }

  const asked: SubjectRef[] = [
    ...namespaces.flatMap((namespace) =>
      ACCOUNTS.map((name): SubjectRef => ({ kind: "ServiceAccount", namespace, name })),
    ),
    ...["alice", "*", "dev", "system:anonymous"].map((name): SubjectRef => ({ kind: "User", namespace: null, name })),
    ...groups.map((name): SubjectRef => ({ kind: "Group", namespace: null, name })),
  ];
  return { manifests, subjects: asked, namespaces: [...namespaces], names: NAMES };
}
