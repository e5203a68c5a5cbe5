import { isRead, partsOf, type Edge } from "../rbac/edge.ts";

const NO_VALUE = "Keep values out of the objects: mount them from Secrets, and then their specs show names alone.";
const NO_MESSAGE = "What a container writes at its end is in its status all the same: see termination-message.";
const NO_PRINT = "Stop programs from printing credentials: see log.";
const WHO_READS = "Who reads what by it: `kubectl cronaudit exposure --by reader`.";

/** What ends direct reads, by what is read. */
const READS: Readonly<Record<string, readonly string[]>> = {
  secrets: ["Who has it, with the chain: `kubectl cronaudit access --secret NAMESPACE/NAME`."],
  configmaps: ["Keep credentials out of ConfigMaps: see configmap-env.", WHO_READS],
  pods: [NO_VALUE, "Delete finished pods: `kubectl cronaudit cleanup`, or a TTL.", WHO_READS],
  jobs: [NO_VALUE, "Delete finished Jobs: `kubectl cronaudit cleanup`, or a TTL.", WHO_READS],
  cronjobs: [NO_VALUE, WHO_READS],
  nodes: [
    "Grant it to what watches nodes alone, and prefer the subresource that it needs to nodes/proxy: see nodes-proxy.",
    NO_VALUE,
    "Keep the kubelet's port (10250) away from pods and people by network rules.",
  ],
};

/** What of a right on Secrets can be granted more narrowly. */
const NARROWER: Readonly<Record<string, string>> = {
  get: "Grant it by resourceNames, on the Secrets that are needed.",
  list: "Grant `get` by resourceNames instead: every list returns the values, and no right shows names alone.",
  watch: "Grant `get` by resourceNames instead: a watch begins with every value that is there.",
};

const OPEN_WATCH = "A watch that is open goes on when the right is gone: the API server asks for it when one begins.";

const WRITES = "Grant it only to who may read the Secrets as well: its answer holds their data.";

/** What ends or prevents a way, most effective first. */
export function fixOfEdge(edge: Edge): string[] {
  if (edge.prevent !== undefined) {
    return [...edge.prevent, ...(edge.needs.length === 0 ? [] : [WHO_HAS])];
  }
  const [need] = edge.needs;
  const [first] = need?.on ?? [];
  const [verb = ""] = need?.verbs ?? [];
  const narrower = first?.resource === "secrets" && isRead(edge) ? [NARROWER[verb] ?? WRITES] : [];
  return [...narrower, ...readsOf(edge, first?.resource ?? ""), ...(verb === "watch" ? [OPEN_WATCH] : [])];
}

/** What is to be kept out of depends on the parts of an object that come back. */
function readsOf(edge: Edge, resource: string): string[] {
  const parts = partsOf(edge);
  const ofPods = resource === "pods" || resource === "nodes";
  const kept = [
    ...(parts.includes("spec") ? [NO_VALUE] : []),
    ...(parts.includes("status") && ofPods ? [NO_MESSAGE] : []),
    ...(parts.includes("log") ? [NO_PRINT] : []),
  ];
  return (READS[resource] ?? []).flatMap((line) => (line === NO_VALUE ? kept : [line]));
}

const WHO_HAS =
  "Who has it: `kubectl cronaudit access --all-subjects`; by which binding: `kubectl cronaudit access sa/NAME -n NAMESPACE`.";
