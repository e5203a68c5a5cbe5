import { stringify } from "yaml";
import type { Topic } from "../model/topic.ts";
import { labRole } from "./lab-role.ts";
import { rolesOf, type Role, type Verb } from "./roles.ts";
import { firstClause, sentence } from "./words.ts";

/** The role as a manifest, with what it is for in comments. */
export function manifestOf({ name, about, rules }: Role): string {
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
  const yaml = stringify(role, { lineWidth: 0, indentSeq: false });
  return `${about.map((line) => `# ${line}\n`).join("")}${yaml}`;
}

/** What the program's own requests need: one topic for all, and one for each ClusterRole with its manifest. */
export function rightsTopics(verbs: readonly Verb[]): Topic[] {
  const roles = [...rolesOf(verbs), labRole()];
  return [overview(roles), ...roles.map(topicOfRole)];
}

function overview(roles: readonly Role[]): Topic {
  return {
    id: "rights",
    kind: "rights",
    title: "The rights that each command needs",
    summary: "Which ClusterRole each command needs, and how to get it.",
    why: [
      "Every command lists whole kinds and judges them on this machine; nothing is installed in the cluster.",
      "With less than its ClusterRole a command says what it could not see, which questions that blinds, and ends with status 3.",
      "No command lists Secrets unless it is asked to: RBAC has no right to see their names without their values.",
    ],
    fix: [
      "Read what a role allows: `kubectl cronaudit explain cronaudit-triage`.",
      "Create it: `kubectl cronaudit explain cronaudit-triage -o manifest | kubectl apply -f -`.",
      "Bind it for the whole cluster: `kubectl create clusterrolebinding cronaudit --clusterrole=cronaudit-triage --user=NAME`.",
      "Bind it for one namespace, and ask with `-n NAMESPACE`: `kubectl create rolebinding cronaudit --clusterrole=cronaudit-triage --user=NAME -n NAMESPACE`. Kinds without a namespace stay unseen then.",
      "Take the binding away after the work: `kubectl delete clusterrolebinding cronaudit`.",
    ],
    needs: ["whoever creates the role must hold its rights, or `escalate`; whoever binds it must hold them, or `bind`"],
    source: "the commands' own tables, from which docs/rbac.yaml and docs/replay-rbac.yaml are generated",
    more: [
      { heading: "ClusterRoles", lines: roles.map(({ name, about }) => `${name}: for ${sentence(about.join(" "))}`) },
    ],
    related: ["blind-spot", "cronaudit-triage"],
  };
}

function topicOfRole(role: Role): Topic {
  const { name, about, rules } = role;
  return {
    id: name,
    kind: "rights",
    title: `ClusterRole ${name}`,
    summary: summaryOf(role),
    why: [sentence(`For ${about.join(" ")}`)],
    fix: [
      `Create it: \`kubectl cronaudit explain ${name} -o manifest | kubectl apply -f -\`.`,
      `Bind it: \`kubectl create clusterrolebinding ${name} --clusterrole=${name} --user=NAME\`.`,
    ],
    needs: rules.map(ruleText),
    source: "the command's own table, from which docs/rbac.yaml and docs/replay-rbac.yaml are generated",
    more: [{ heading: "Manifest", lines: manifestOf(role).trimEnd().split("\n"), verbatim: true }],
    related: ["rights", "blind-spot"],
  };
}

function ruleText({ apiGroups, resources, verbs, resourceNames }: Role["rules"][number]): string {
  const [group = ""] = apiGroups;
  const named = resourceNames === undefined ? "" : ` named ${resourceNames.join(", ")}`;
  const where = group === "" || group === "*" ? "" : ` of ${group}`;
  return `${verbs.map((verb) => `\`${verb}\``).join(", ")} on ${resources.join(", ")}${where}${named}`;
}

/** What it is for, as far as a line has room. */
function summaryOf({ about }: Role): string {
  const [first = ""] = about.join(" ").split(/[.;] /);
  return sentence(firstClause(`For ${first}`, 98));
}
