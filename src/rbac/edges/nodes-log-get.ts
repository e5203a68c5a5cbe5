import { clusterScoped, type Edge } from "../edge.ts";

export const nodesLogGet: Edge = {
  id: "nodes-log-get",
  name: "get nodes/log",
  grants: "from the kubelet, the files in the node's /var/log, what its containers printed among them",
  effect: "read",
  needs: [{ verbs: ["get"], on: [clusterScoped("", "nodes/log")], named: "always" }],
  parts: ["log"],
  since: null,
  until: null,
  caveat:
    "the kubelet's port must be within reach: through the API server's proxy nodes/proxy is needed; the kubelet must serve them (enableSystemLogHandler, on unless switched off)",
  looksAt: [],
  notDemonstrated: "only a kubelet asks for this right, and those of the tests do not",
  source: "pkg/kubelet/server/auth.go: /logs is the subresource log",
};
