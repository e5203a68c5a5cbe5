import type { ExposureClassRule, Found } from "../class.ts";
import { referenceFix } from "../fix.ts";
import { boundAt, secretsNamed } from "../references.ts";

/** The Node authorizer lets a kubelet read every Secret that a pod object bound to its node names, finished or not. */
export const nodeGrant: ExposureClassRule = {
  id: "node-grant",
  title: "Secret within a node's reach",
  what: "every Secret that a pod object bound to a node names, pull Secrets and storage Secrets included",
  readableBy: "the identity of that node's kubelet, through the Node authorizer",
  opens: "binding of the pod to the node",
  closes: "deletion of the pod object; the end of its containers changes nothing",
  source: "plugin/pkg/auth/authorizer/node/graph_populator.go",
  find(context) {
    const found: Found[] = [];
    const all = ["env", "envFrom", "volume", "projected", "csi", "storage", "pull"] as const;
    for (const { pod, reference, identity } of secretsNamed(context, all)) {
      const node = pod.template.nodeName;
      if (node === null) continue;
      found.push({
        identity,
        source: pod,
        path: reference.path,
        field: reference.field,
        opening: boundAt(pod, context),
        closing: context.closingOf(pod),
        containers: reference.containers.length === 0 ? null : reference.containers,
        access: [{ by: "node", node }],
      });
    }
    return found;
  },
  fix: referenceFix,
};
