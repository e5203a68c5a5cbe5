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
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "plugin/pkg/auth/authorizer/node/graph.go: AddPod asks for no phase, and DeletePod alone removes its edges",
};
