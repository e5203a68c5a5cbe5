import { randomRbac, type RawSubject } from "../unit/rbac/random-rbac.ts";
import type { Draw } from "./draw.ts";
import { RULE_GROUPS, RULE_PATHS, RULE_RESOURCES, RULE_VERBS } from "./words.ts";
import { ACCOUNTS, GROUP, GROUPS, NAMES, NAMESPACES, USERS } from "./words.ts";

/** A PolicyRule as JSON may hold it: any list may be absent. */
export interface OddRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

interface OddMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  labels?: Record<string, string>;
}

export interface OddRole {
  apiVersion: string;
  kind: string;
  metadata: OddMeta;
  rules?: OddRule[] | null;
  aggregationRule?: unknown;
}

export interface OddBinding {
  apiVersion: string;
  kind: string;
  metadata: OddMeta;
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects?: RawSubject[] | null;
}

export type OddObject = OddRole | OddBinding;

const apiVersion = `${GROUP}/v1`;
const ROLES = ["reader", "writer", "Reader", "system:odd"];
const REF_KINDS = ["ClusterRole", "Role", "role", "clusterrole", "Group", ""];
const LABEL = { "rbac.example/aggregate": "true" };

/**
 * Roles and bindings, more awkward than an API server would take: what validation refuses may be in a file or in etcd, and
 * the authorizer reads it all the same. Names are unique for each kind and namespace. One set in four is one of
 * `randomRbac`, as the server takes it.
 */
export function randomObjects(draw: Draw): OddObject[] {
  if (draw.chance(0.25)) {
    const { manifests } = randomRbac(draw.below(0x1_0000_0000), NAMESPACES.slice(0, 2), "r");
    return manifests.map((manifest) => ({ ...manifest, metadata: served(manifest.metadata) }));
  }
  const objects: OddObject[] = [];
  for (const name of ROLES) {
    if (draw.chance(0.7)) objects.push(role(draw, "ClusterRole", { name }));
    for (const namespace of NAMESPACES) {
      if (draw.chance(0.3)) objects.push(role(draw, "Role", { name, namespace }));
    }
  }
  for (const index of draw.times(1 + draw.below(4), String)) {
    objects.push(binding(draw, "ClusterRoleBinding", { name: `b${index}` }));
  }
  for (const namespace of NAMESPACES) {
    for (const index of draw.times(draw.below(4), String)) {
      objects.push(binding(draw, "RoleBinding", { name: `b${index}`, namespace }));
    }
  }
  // Without a namespace it is no object of a server, and must count nowhere.
  if (draw.chance(0.1))
    objects.push(binding(draw, "RoleBinding", { name: "lost" }), role(draw, "Role", { name: "reader" }));
  return objects;
}

/** Metadata as a server gives it: only then are `rules` all that an aggregated role has. */
function served<T extends { name: string; namespace?: string }>(meta: T): T & OddMeta {
  const uid = `${meta.namespace ?? ""}/${meta.name}`;
  return { ...meta, uid, resourceVersion: "1", creationTimestamp: "2026-11-01T00:00:00Z" };
}

function role(draw: Draw, kind: string, name: { name: string; namespace?: string }): OddRole {
  const rules = draw.times(draw.below(4), () => rule(draw));
  if (rules.length > 0 && draw.chance(0.1)) rules.push(rules[0]!);
  return {
    apiVersion,
    kind,
    metadata: served({ ...name, ...(draw.chance(0.2) ? { labels: LABEL } : {}) }),
    ...(draw.chance(0.03) ? { rules: null } : { rules }),
    ...(kind === "ClusterRole" && draw.chance(0.1)
      ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: LABEL }] } }
      : {}),
  };
}

function rule(draw: Draw): OddRule {
  const { several, chance } = draw;
  const verbs = chance(0.02) ? {} : { verbs: several(RULE_VERBS, 3) };
  if (chance(0.15)) return { ...verbs, nonResourceURLs: several(RULE_PATHS, 2) };
  return {
    ...verbs,
    ...(chance(0.02) ? {} : { apiGroups: several(RULE_GROUPS, 2) }),
    ...(chance(0.02) ? {} : { resources: several(RULE_RESOURCES, 3) }),
    ...(chance(0.35) ? { resourceNames: several(NAMES, 3) } : {}),
    ...(chance(0.03) ? { resourceNames: [] } : {}),
    ...(chance(0.03) ? { nonResourceURLs: several(RULE_PATHS, 2) } : {}),
  };
}

function binding(draw: Draw, kind: string, name: { name: string; namespace?: string }): OddBinding {
  const subjects = draw.times(draw.below(4), () => subject(draw));
  if (subjects.length > 0 && draw.chance(0.15)) subjects.push(subjects[0]!);
  const ordinary = name.namespace !== undefined && draw.chance(0.5) ? "Role" : "ClusterRole";
  return {
    apiVersion,
    kind,
    metadata: served(name),
    roleRef: {
      apiGroup: draw.chance(0.05) ? "" : GROUP,
      kind: draw.chance(0.1) ? draw.pick(REF_KINDS) : ordinary,
      name: draw.prefer([...ROLES, "missing"]),
    },
    ...(draw.chance(0.03) ? { subjects: null } : { subjects }),
  };
}

function subject(draw: Draw): RawSubject {
  const apiGroup = draw.chance(0.1) ? "" : GROUP;
  const kind = draw.below(20);
  if (kind < 5) return { kind: "Group", apiGroup, name: draw.prefer(GROUPS) };
  if (kind < 8) return { kind: "User", apiGroup, name: draw.prefer(USERS) };
  const namespace = draw.pick(NAMESPACES);
  const name = draw.prefer(ACCOUNTS);
  if (kind < 11) return { kind: "User", apiGroup, name: `system:serviceaccount:${namespace}:${name}` };
  if (kind < 12) return { kind: draw.pick(["user", "group", "serviceaccount", "Users", ""]), name: draw.prefer(USERS) };
  // A namespace on a user or a group means nothing; an empty one on a ServiceAccount is none.
  if (kind < 13) return { kind: draw.pick(["User", "Group"]), apiGroup, namespace, name: draw.prefer(USERS) };
  if (kind < 14) return { kind: "ServiceAccount", namespace: "", name };
  return { kind: "ServiceAccount", name, ...(draw.chance(0.4) ? {} : { namespace }) };
}
