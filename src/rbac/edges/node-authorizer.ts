import { type Edge } from "../edge.ts";

export const nodeAuthorizer: Edge = {
  id: "node-authorizer",
  name: "get Secrets as a node",
  grants: "every Secret that a pod bound to the node names, finished pods included until their object is deleted",
  effect: "read",
  needs: [],
  since: null,
  until: null,
  caveat: "by its kubelet's identity, or whoever took it",
  prevent: [
    "Delete finished pods: the node's right ends with the pod object.",
    "Keep work with strong credentials on nodes of its own.",
    "Keep nodes from being taken: see pods-create-node, pod-neighbours and nodes-proxy.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "plugin/pkg/auth/authorizer/node/graph.go: AddPod asks for no phase, and DeletePod alone removes its edges",
};
