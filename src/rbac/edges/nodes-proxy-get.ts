import { clusterScoped, type Edge } from "../edge.ts";

export const nodesProxyGet: Edge = {
  id: "nodes-proxy-get",
  name: "get nodes/proxy",
  grants:
    "from the kubelet, every pod bound to the node with the literal values in its spec and annotations, finished ones until they are deleted, and what their containers printed",
  effect: "read",
  needs: [{ verbs: ["get"], on: [clusterScoped("", "nodes/proxy")], named: "always" }],
  parts: ["spec", "metadata", "status", "log"],
  since: null,
  until: null,
  caveat: "the kubelet's port or the API server's proxy must be within reach; audit logs name the node and no pod",
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/kubelet/server/server.go: getPods; pkg/kubelet/server/auth.go: what has no subresource of its own is proxy",
};
