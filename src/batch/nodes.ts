import type { Node, Snapshot } from "../model/snapshot.ts";
import type { Pod } from "../model/workload.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { instant } from "./time.ts";

/**
 * What the evidence says of a pod's node. `none`: the pod is bound to none. `leaving`: whoever manages nodes has marked it for
 * removal. `silent`: its kubelet does not answer, and it may come back.
 */
export type NodeState =
  | { state: "none" | "there" }
  | { state: "gone"; name: string }
  | { state: "leaving" | "silent"; name: string; because: string }
  | { state: "unseen"; because: string };

/** Taints of those that are about to remove a node: the cluster autoscaler, Karpenter, and cloud providers (cloud-provider/api). */
const LEAVING = new Set([
  "ToBeDeletedByClusterAutoscaler",
  "karpenter.sh/disrupted",
  "karpenter.sh/disruption",
  "node.cloudprovider.kubernetes.io/shutdown",
  "node.kubernetes.io/out-of-service",
]);
/** Taints of the node lifecycle controller (k8s.io/api/core/v1/well_known_taints.go). */
const SILENT = new Set(["node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"]);

/** Judges nodes by name, as the pod garbage collector does. */
export function indexNodes(snapshot: Snapshot, takenAt: number): (pod: Pod) => NodeState {
  const nodes = new Map(snapshot.nodes.map((node) => [node.meta.name, node]));
  const hidden = whatIsWhole(snapshot)("nodes", null);
  return (pod) => {
    const name = pod.template.nodeName;
    if (name === null || name === "") return { state: "none" };
    const node = nodes.get(name);
    if (node !== undefined) return stateOf(node);
    if (hidden !== null) return { state: "unseen", because: hidden };
    // Lists are taken side by side: the node of a newer pod may be newer than the nodes' list.
    const since = instant(pod.startTime ?? pod.meta.creationTimestamp) ?? -Infinity;
    if (since >= takenAt) return { state: "unseen", because: "the pod started while the evidence was taken" };
    return { state: "gone", name };
  };
}

function stateOf({ meta, taints }: Node): NodeState {
  const { name } = meta;
  if (meta.deletionTimestamp !== null) return { state: "leaving", name, because: "it is being deleted" };
  const leaving = taints.find(({ key }) => LEAVING.has(key));
  if (leaving !== undefined) return { state: "leaving", name, because: `taint ${leaving.key}` };
  // With NoSchedule every new node has one of them for a while (plugin/pkg/admission/nodetaint), and that evicts nobody.
  const silent = taints.find(({ key, effect }) => SILENT.has(key) && effect === "NoExecute");
  return silent === undefined ? { state: "there" } : { state: "silent", name, because: `taint ${silent.key}` };
}
