import { stringify } from "yaml";
import type { Command } from "../../src/cli/command.ts";
import { commands } from "../../src/commands/index.ts";
import { KINDS } from "../../src/evidence/kinds/index.ts";
import type { Resource } from "../../src/model/snapshot.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** Lists of the kinds, one rule per API group; and the uid of kube-system, which tells clusters apart. */
function rulesFor(needs: readonly Resource[]): Rule[] {
  const byGroup = Map.groupBy(needs, (resource) => KINDS[resource].group);
  const lists = [...byGroup].map(
    ([group, resources]): Rule => ({ apiGroups: [group], resources: [...resources].sort(), verbs: ["list"] }),
  );
  lists.sort((a, b) => (a.apiGroups[0]! < b.apiGroups[0]! ? -1 : 1));
  return [...lists, { apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }];
}

function clusterRole(name: string, rules: Rule[]): string {
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
  return stringify(role, { lineWidth: 0, indentSeq: false });
}

/** One ClusterRole for each command that asks a cluster, with the least that its answer needs. */
export function rbacManifest(): string {
  const documents = (commands as readonly Command[])
    .filter(({ needs }) => needs.length > 0)
    .map(({ name, needs }) => {
      const verb = name === "" ? "triage" : name;
      const call = name === "" ? "kubectl cronaudit" : `kubectl cronaudit ${name}`;
      return `# ${call}\n${clusterRole(`cronaudit-${verb}`, rulesFor(needs))}`;
    });
  const secrets: Rule = { apiGroups: [""], resources: ["secrets"], verbs: ["list"] };
  documents.push(
    `# --list-secrets or --compare-secrets, in addition. It allows to read every Secret's value: RBAC has no right to list names alone.\n${clusterRole("cronaudit-list-secrets", [secrets])}`,
  );
  const logs: Rule = { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] };
  documents.push(
    `# --scan-logs, in addition. It allows to read whatever any container printed.\n${clusterRole("cronaudit-scan-logs", [logs])}`,
  );
  const reviews: Rule = {
    apiGroups: ["authorization.k8s.io"],
    resources: ["subjectaccessreviews"],
    verbs: ["create"],
  };
  documents.push(
    `# kubectl cronaudit access --verify and replay --verify, in addition. It allows to ask what others may do, and stores nothing.\n${clusterRole("cronaudit-verify", [reviews])}`,
  );
  const patches: Rule = { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: ["get", "patch"] };
  documents.push(
    `# kubectl cronaudit hold and hold --release, in addition. It allows to change CronJobs and Jobs, what they run included.\n${clusterRole("cronaudit-hold-changes", [patches])}`,
  );
  const everything: Rule = { apiGroups: ["*"], resources: ["*"], verbs: ["list"] };
  documents.push(
    `# kubectl cronaudit cleanup, in addition. It shows everything that Jobs and pods own, of whatever kind; metadata alone is asked for,\n# but it allows to read every Secret's value. Without it a kind that may not be listed is a blind spot (--yes-unseen).\n${clusterRole("cronaudit-dependents", [everything])}`,
  );
  const deleted: Rule[] = [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "delete"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "delete"] },
    { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ];
  documents.push(
    `# kubectl cronaudit cleanup --yes, in addition to cronaudit-cleanup and cronaudit-dependents; get of whatever else goes along, for its evidence, and with --logs get\n# pods/log as well. Deleting a Job takes along what it owns, whoever may delete that.\n${clusterRole("cronaudit-cleanup-delete", deleted)}`,
  );
  const byTtl: Rule[] = [
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["get", "patch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
    { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["get"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ];
  documents.push(
    `# kubectl cronaudit cleanup --yes --delete-by ttl, instead of cronaudit-cleanup-delete: the TTL controller deletes. Whoever may patch a Job can\n# have it and all that it owns deleted.\n${clusterRole("cronaudit-cleanup-by-ttl", byTtl)}`,
  );
  const changes: Rule = { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["get", "patch"] };
  documents.push(
    `# kubectl cronaudit cleanup --also suspend, ttl or history-limit, in addition. It allows to change CronJobs, what they run included.\n${clusterRole("cronaudit-cleanup-also", [changes])}`,
  );
  const tokens: Rule = { apiGroups: [""], resources: ["secrets"], verbs: ["list", "delete"] };
  documents.push(
    `# kubectl cronaudit cleanup --also delete-token, in addition; metadata alone is asked for, but it allows to read and to delete every Secret.\n${clusterRole("cronaudit-cleanup-delete-token", [tokens])}`,
  );
  const saved: Rule[] = [
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["events"], verbs: ["list"] },
  ];
  documents.push(
    `# kubectl cronaudit evidence save; with --logs get pods/log in addition, and get of whatever else is named or owns it.\n${clusterRole("cronaudit-evidence-save", saved)}`,
  );
  const created: Rule = { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"] };
  documents.push(
    `# kubectl cronaudit evidence restore: Jobs are created suspended, but the right allows to create any.\n${clusterRole("cronaudit-evidence-restore", [created])}`,
  );
  return (
    "# Generated by: npm run generate\n" +
    "# The least rights that each command needs for a complete answer about the whole cluster. With less it says what\n" +
    "# it could not see. For one namespace bind with a RoleBinding; kinds without a namespace stay unseen then.\n" +
    documents.join("---\n")
  );
}
