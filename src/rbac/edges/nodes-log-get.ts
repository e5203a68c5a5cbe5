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
    "the kubelet's port must be within reach: through the API server's proxy nodes/proxy is needed; a kubelet goes on for five minutes with a right that it has seen; the kubelet must serve them (enableSystemLogHandler, on unless switched off)",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/kubelet/server/auth.go: /logs is the subresource log",
};
