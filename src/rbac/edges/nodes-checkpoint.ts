import { clusterScoped, type Edge } from "../edge.ts";

export const nodesCheckpoint: Edge = {
  id: "nodes-checkpoint",
  name: "create nodes/checkpoint",
  grants: "the memory of running containers, written to the node's disk",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [clusterScoped("", "nodes/checkpoint")], named: "always" }],
  since: null,
  until: null,
  caveat: "the container runtime must support it, and the file must then be read on the node",
  prevent: ["Grant it to nobody but what migrates containers."],
  looksAt: [],
  notDemonstrated: "a real kubelet lets the request through, but its container runtime cannot write checkpoints",
  source: "pkg/kubelet/server/auth.go; pkg/kubelet/server/server.go: checkpoint",
  reach: () => [{ note: "no Secret itself: the memory of containers, on the node's disk" }],
};
