import { clusterScoped, type Edge } from "../edge.ts";

export const nodesPodsGet: Edge = {
  id: "nodes-pods-get",
  name: "get nodes/pods",
  grants:
    "from the kubelet, every pod bound to the node with the literal values in its spec and annotations, finished ones until they are deleted",
  effect: "read",
  needs: [{ verbs: ["get"], on: [clusterScoped("", "nodes/pods")], named: "always" }],
  since: "1.33",
  until: null,
  caveat:
    "the kubelet's port must be within reach: through the API server's proxy nodes/proxy is needed; a kubelet goes on for five minutes with a right that it has seen",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/kubelet/server/auth.go: /pods is the subresource pods, by KubeletFineGrainedAuthz",
};
