import type { Topic, TopicSection } from "../model/topic.ts";
import { isRead, type ApiResource, type Edge, type Need, type Part } from "../rbac/edge.ts";
import { edges } from "../rbac/edges/index.generated.ts";
import { classIds, edgesReading } from "./edge-classes.ts";
import { fixOfEdge } from "./edge-fixes.ts";
import { ended, firstClause, sentence } from "./words.ts";

/** What each effect of an edge means. */
export const EFFECTS: Readonly<Record<Edge["effect"], string>> = {
  read: "reads it directly",
  "act-as": "acts as another identity",
  execute: "executes where it is",
  wait: "waits for an event",
  maybe: "takes luck, or something that the API does not show",
};

const PARTS: Readonly<Record<Part, string>> = {
  spec: "the spec",
  metadata: "annotations and labels",
  status: "the status",
  log: "what containers printed",
};

const NAMED: Readonly<Record<Need["named"], string>> = {
  always: "resourceNames count",
  "by-field-selector": "resourceNames count with a field selector",
  never: "resourceNames never match",
  either: "with or without resourceNames",
};

/** The longest summary, in characters. */
const SUMMARY = 98;

/** One topic for each way to a credential. */
export function edgeTopics(): Topic[] {
  const related = relations();
  return (edges as readonly Edge[]).map((edge) => ({
    id: edge.id,
    kind: "edge",
    title: edge.name,
    summary: summaryOf(edge),
    why: [sentence(`${edge.effect === "maybe" ? "it may give" : "it gives"} ${edge.grants}`)],
    fix: fixOfEdge(edge),
    needs: edge.needs.length === 0 ? ["no rule: it follows from a place"] : edge.needs.map(needText),
    source: edge.source,
    more: moreOf(edge),
    related: related.get(edge)!,
  }));
}

/** The request and what it gives, where both find room. */
function summaryOf({ name, grants }: Edge): string {
  const both = `${name}: ${firstClause(grants, SUMMARY - name.length - 2)}`;
  return name.length > 50 ? sentence(firstClause(grants, SUMMARY)) : ended(both);
}

function moreOf(edge: Edge): TopicSection[] {
  const versions = versionsOf(edge);
  const sections: (TopicSection | null)[] = [
    { heading: "Effect", lines: [`${edge.effect}: ${EFFECTS[edge.effect]}.`] },
    edge.parts === undefined
      ? null
      : { heading: "What comes back", lines: [sentence(edge.parts.map((part) => PARTS[part]).join(", "))] },
    edge.caveat === null ? null : { heading: "What else is to be known", lines: edge.caveat.split("; ").map(sentence) },
    versions === null ? null : { heading: "Kubernetes", lines: [sentence(versions)] },
    {
      heading: "Demonstrated",
      lines: [
        edge.notDemonstrated === null
          ? DEMONSTRATED[isRead(edge) ? "read" : "other"]
          : sentence(`no: ${edge.notDemonstrated}`),
      ],
    },
  ];
  return sections.filter((section) => section !== null);
}

const DEMONSTRATED = {
  read: "Yes: an account that holds this right alone does it on a real API server, and gets what is said here.",
  other: "Yes: a fresh account with these rights alone does it on a real cluster; without any of them it is refused.",
};

function versionsOf({ since, until }: Edge): string | null {
  const parts = [since === null ? [] : [`${since} and later`], until === null ? [] : [`before ${until}`]].flat();
  return parts.length === 0 ? null : parts.join(", ");
}

/** A right in one line: `create` on `pods/exec` (resourceNames count). */
export function needText({ verbs, on, named }: Need): string {
  const wide = on.filter(({ clusterScoped }) => clusterScoped);
  const apart = wide.length === on.length ? "cluster-wide; " : `${wide.map(path).join(", ")} cluster-wide; `;
  const where = wide.length === 0 ? "" : apart;
  return `${verbs.map((verb) => `\`${verb}\``).join(" or ")} on ${on.map(path).join(", ")} (${where}${NAMED[named]})`;
}

function path({ group, resource, subresource }: ApiResource): string {
  const name = subresource === "" ? resource : `${resource}/${subresource}`;
  return `\`${name}${group === "" || group === "*" ? "" : `.${group}`}\``;
}

/** What each edge reads, other ways by the same resources, and what belongs together although no resource says so. */
function relations(): Map<Edge, string[]> {
  const all: readonly Edge[] = edges;
  const alike = Map.groupBy(all, resourcesOf);
  const reading = classIds().map((id) => ({ id, by: new Set(edgesReading(id)) }));
  return new Map(
    all.map((edge) => {
      const read = reading.filter(({ by }) => by.has(edge)).map(({ id }) => id);
      const same = isFew(edge) ? alike.get(resourcesOf(edge))!.map(({ id }) => id) : [];
      const related = new Set<string>([...read, ...(OTHERS[edge.id] ?? []), ...same]);
      related.delete(edge.id);
      return [edge, [...related]];
    }),
  );
}

/** The resources that an edge is on, as one text; equal for edges that are alike. */
function resourcesOf({ needs }: Edge): string {
  const paths = needs.flatMap(({ on }) => on.map((one) => `${one.group}/${one.resource}/${one.subresource}`));
  return [...new Set(paths)].sort().join(" ");
}

/** An edge on many resources is alike to none by them. */
function isFew({ needs }: Edge): boolean {
  return needs.flatMap(({ on }) => on).length <= 4;
}

const IMPERSONATION = [
  "users-impersonate",
  "groups-impersonate",
  "serviceaccounts-impersonate",
  "impersonate-constrained",
];
const MAKE_PODS = [
  "pods-create",
  "controllers-create",
  "cronjobs-patch",
  "controllers-patch",
  "pods-create-node",
  "controllers-patch-node",
];
const IN_PODS = ["pods-exec", "pods-attach", "pods-ephemeralcontainers", "pods-patch", "nodes-proxy"];
const ON_NODES = ["node-authorizer", "node-token", "pods-create-node", "pod-neighbours", "nodes-proxy"];
const ROLES = ["roles-bind", "roles-escalate", "clusterroles-aggregate", "everything"];

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "admission-policies": ["admission-policies-bound", "admission-webhooks"],
  "admission-policies-bound": ["admission-policies", "admission-webhooks"],
  "admission-webhooks": ["admission-policies", "admission-policies-bound"],
  "bootstrap-token": ["bootstrap-token-patch", "secrets-create", "node-authorizer"],
  "bootstrap-token-patch": ["bootstrap-token", "secrets-update", "node-authorizer"],
  "certificates-approve": ["node-authorizer", "users-impersonate"],
  "cloud-identity": ["pods-create", "serviceaccounts-token"],
  "pods-log": ["nodes-log-get"],
  "nodes-log-get": ["pods-log"],
  "mirrors-read": ["specs-read", "secret-sync"],
  "specs-read": ["mirrors-read", "literal-env", "literal-args", "literal-annotation", "configmap-env"],
  "secret-sync": ["mirrors-read", "operator-workloads"],
  "operator-workloads": ["pods-create", "controllers-create"],
  "platform-maps": ["groups-impersonate", "configmaps-patch-read"],
  "pod-token": ["token-bound", "pods-exec", "serviceaccounts-token"],
  "secret-token": ["token-legacy", "secrets-create", "secrets-update"],
  "secrets-create": ["secret-token", "secrets-update", "serviceaccounts-token"],
  "secrets-update": ["secret-token", "secrets-create"],
  "serviceaccounts-token": ["pod-token", "node-token", "serviceaccounts-impersonate"],
  "node-authorizer": ["node-grant", "secrets-within-node-reach", ...ON_NODES],
  "node-token": ["token-bound", "tokens-of-finished-pods", ...ON_NODES],
  "pods-binding": ["pods-steal", "node-authorizer"],
  "pods-steal": ["pods-binding", "node-authorizer"],
  "nodes-checkpoint": ["nodes-proxy", "secret-env"],
  "nodes-proxy": ["nodes-pods-get", "nodes-log-get", ...IN_PODS],
  "persistentvolumes-create": ["pods-create-node", "pod-neighbours"],
  "namespaces-patch": ["pods-create-node", "pod-neighbours"],
  "services-proxy": ["pods-proxy", "pods-portforward"],
  "pods-proxy": ["services-proxy", "pods-portforward"],
  "pods-portforward": ["pods-portforward-get", "pods-proxy", "services-proxy"],
  "pods-portforward-get": ["pods-portforward", "pods-exec-get"],
  "pods-exec-get": ["pods-attach-get", "pods-portforward-get"],
  "pods-attach-get": ["pods-exec-get"],
  "userextras-impersonate": IMPERSONATION,
  ...among(IMPERSONATION),
  ...among(MAKE_PODS),
  ...among(IN_PODS.filter((id) => id !== "nodes-proxy")),
  ...among(ROLES),
  "pod-neighbours": [...ON_NODES, "persistentvolumes-create"],
};

/** Each of them with the others. */
function among(ids: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(ids.map((id) => [id, ids.filter((other) => other !== id)]));
}
