import type { SecretUse } from "../../model/workload.ts";
import type { Access, ExposureClassRule, Found } from "../class.ts";
import { referenceFix } from "../fix.ts";
import { addedLater, boundAt, secretsNamed } from "../references.ts";

const USES: ReadonlySet<SecretUse> = new Set(["env", "envFrom", "volume", "projected", "csi", "storage", "pull"]);

/** Thousands of pods share a node. */
function nodeAccess(): (node: string) => Access[] {
  const known = new Map<string, Access[]>();
  return (node) => known.getOrInsertComputed(node, () => [{ by: "node", node }]);
}

/** The Node authorizer lets a kubelet read every Secret that a pod object bound to its node names, finished or not. */
export const nodeGrant: ExposureClassRule = {
  id: "node-grant",
  title: "Secret within a node's reach",
  summary: "A node may read every Secret that a pod object bound to it names, finished or not.",
  what: "every Secret that a pod object bound to a node names, pull Secrets and storage Secrets included",
  readableBy: "the identity of that node's kubelet, through the Node authorizer",
  opens: "binding of the pod to the node, or the adding of the ephemeral container that names it",
  closes: "deletion of the pod object; the end of its containers changes nothing",
  why: [
    "Whoever takes a node's identity reads these Secrets from the API server, in their present version.",
    "The Node authorizer looks at pod objects, not at their phase: a pod that finished weeks ago still opens its Secrets to its node.",
    "The more finished pods are kept, on the more nodes, the more one broken node opens.",
  ],
  prevent: [
    "Delete finished pods, best by `ttlSecondsAfterFinished` of their Jobs: `kubectl cronaudit cleanup cronjob/NAME -n NAMESPACE`.",
    "Bind work with strong credentials to nodes of its own (nodeSelector and taints).",
  ],
  needs: ["`list` on pods; on nodes, to tell that a node is gone"],
  source: "plugin/pkg/auth/authorizer/node/graph_populator.go",
  find(context) {
    const found: Found[] = [];
    const accessOf = nodeAccess();
    for (const pod of context.pods) {
      const node = pod.template.nodeName;
      const named = node === null ? [] : secretsNamed(pod, context, USES);
      if (node === null || named.length === 0) continue;
      const [bound, closing, access] = [boundAt(pod, context), context.closingOf(pod), accessOf(node)];
      for (const { reference, identity } of named) {
        const { path, field, containers } = reference;
        const opening = addedLater(pod, reference, "name", context) ?? bound;
        const users = containers.length === 0 ? null : containers;
        found.push({ identity, source: pod, path, field, opening, closing, containers: users, access });
      }
    }
    return found;
  },
  fix: referenceFix,
};
