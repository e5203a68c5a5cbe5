import { KINDS } from "../evidence/kinds/index.ts";
import type { Resource } from "../model/snapshot.ts";

/** One rule of a ClusterRole, as a manifest has it. */
export interface RoleRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** A ClusterRole that this program asks for. */
export interface Role {
  name: string;
  /** What it is for, and what else it allows, each a line. */
  about: readonly string[];
  rules: readonly RoleRule[];
}

/** A verb of the command line, as far as its rights go. */
export interface Verb {
  name: string;
  needs: readonly Resource[];
}

/** Lists of the kinds, one rule per API group; and the uid of kube-system, which tells clusters apart. */
function rulesFor(needs: readonly Resource[]): RoleRule[] {
  const byGroup = Map.groupBy(needs, (resource) => KINDS[resource].group);
  const lists = [...byGroup].map(([group, resources]): RoleRule => ({
    apiGroups: [group],
    resources: [...resources].sort(),
    verbs: ["list"],
  }));
  lists.sort((a, b) => (a.apiGroups[0]! < b.apiGroups[0]! ? -1 : 1));
  return [...lists, { apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }];
}

/** One ClusterRole for each verb that asks a cluster, with the least that its answer needs, and those for what flags add. */
export function rolesOf(verbs: readonly Verb[]): Role[] {
  const own = verbs
    .filter(({ needs }) => needs.length > 0)
    .map(({ name, needs }): Role => ({
      name: `cronaudit-${name === "" ? "triage" : name}`,
      about: [`kubectl cronaudit ${name}`.trim()],
      rules: rulesFor(needs),
    }));
  return [...own, ...ADDITIONAL];
}

const ADDITIONAL: readonly Role[] = [
  {
    name: "cronaudit-list-secrets",
    about: [
      "--list-secrets or --compare-secrets, in addition. It allows to read every Secret's value: RBAC has no right to list names alone.",
    ],
    rules: [rule("", ["secrets"], ["list"])],
  },
  {
    name: "cronaudit-scan-logs",
    about: ["--scan-logs, in addition. It allows to read whatever any container printed."],
    rules: [rule("", ["pods/log"], ["get"])],
  },
  {
    name: "cronaudit-verify",
    about: [
      "kubectl cronaudit access --verify and replay --verify, in addition. It allows to ask what others may do, and stores nothing.",
    ],
    rules: [rule("authorization.k8s.io", ["subjectaccessreviews"], ["create"])],
  },
  {
    name: "cronaudit-hold-changes",
    about: [
      "kubectl cronaudit hold and hold --release, in addition. It allows to change CronJobs and Jobs, what they run included.",
    ],
    rules: [rule("batch", ["cronjobs", "jobs"], ["get", "patch"])],
  },
  {
    name: "cronaudit-dependents",
    about: [
      "kubectl cronaudit cleanup, in addition. It shows everything that Jobs and pods own, of whatever kind; metadata alone is asked for,",
      "but it allows to read every Secret's value. Without it a kind that may not be listed is a blind spot (--yes-unseen).",
    ],
    rules: [rule("*", ["*"], ["list"])],
  },
  {
    name: "cronaudit-cleanup-delete",
    about: [
      "kubectl cronaudit cleanup --yes, in addition to cronaudit-cleanup and cronaudit-dependents; get of whatever else goes along, for its evidence, and with --logs get",
      "pods/log as well. Deleting a Job takes along what it owns, whoever may delete that.",
    ],
    rules: [
      rule("batch", ["jobs"], ["get", "delete"]),
      rule("", ["pods"], ["get", "delete"]),
      rule("batch", ["cronjobs"], ["get"]),
      rule("", ["events"], ["list"]),
    ],
  },
  {
    name: "cronaudit-cleanup-by-ttl",
    about: [
      "kubectl cronaudit cleanup --yes --delete-by ttl, instead of cronaudit-cleanup-delete: the TTL controller deletes. Whoever may patch a Job can",
      "have it and all that it owns deleted.",
    ],
    rules: [
      rule("batch", ["jobs"], ["get", "patch"]),
      rule("", ["pods"], ["get"]),
      rule("batch", ["cronjobs"], ["get"]),
      rule("", ["events"], ["list"]),
    ],
  },
  {
    name: "cronaudit-cleanup-also",
    about: [
      "kubectl cronaudit cleanup --also suspend, ttl or history-limit, in addition. It allows to change CronJobs, what they run included.",
    ],
    rules: [rule("batch", ["cronjobs"], ["get", "patch"])],
  },
  {
    name: "cronaudit-cleanup-delete-token",
    about: [
      "kubectl cronaudit cleanup --also delete-token, in addition; metadata alone is asked for, but it allows to read and to delete every Secret.",
    ],
    rules: [rule("", ["secrets"], ["list", "delete"])],
  },
  {
    name: "cronaudit-evidence-save",
    about: [
      "kubectl cronaudit evidence save; with --logs get pods/log in addition, and get of whatever else is named or owns it.",
    ],
    rules: [
      rule("batch", ["cronjobs", "jobs"], ["get"]),
      rule("", ["pods"], ["get", "list"]),
      rule("", ["events"], ["list"]),
    ],
  },
  {
    name: "cronaudit-evidence-restore",
    about: ["kubectl cronaudit evidence restore: Jobs are created suspended, but the right allows to create any."],
    rules: [rule("batch", ["jobs"], ["create"])],
  },
];

function rule(group: string, resources: string[], verbs: string[]): RoleRule {
  return { apiGroups: [group], resources, verbs };
}
