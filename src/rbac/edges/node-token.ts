import { type Edge } from "../edge.ts";

export const nodeToken: Edge = {
  id: "node-token",
  name: "create serviceaccounts/token as a node",
  grants: "new tokens of the ServiceAccounts of pods bound to the node, finished pods included",
  effect: "act-as",
  needs: [],
  since: null,
  until: null,
  caveat: "by its kubelet's identity, or whoever took it; bound to the pod",
  prevent: [
    "Delete finished pods: the node's right ends with the pod object.",
    "Keep accounts with strong rights on nodes of their own.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source:
    "plugin/pkg/auth/authorizer/node/node_authorizer.go: authorizeCreateToken; plugin/pkg/admission/noderestriction",
};
