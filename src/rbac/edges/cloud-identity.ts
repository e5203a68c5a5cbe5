import { type Edge } from "../edge.ts";

export const cloudIdentity: Edge = {
  id: "cloud-identity",
  name: "the cloud's identity of a ServiceAccount",
  grants: "whatever the cloud lets that identity do; its secret stores above all",
  effect: "maybe",
  needs: [],
  since: null,
  until: null,
  caveat: "what the cloud grants is not in the cluster",
  prevent: [
    "Give the cloud's role what the work needs, and let this ServiceAccount of this namespace alone take it.",
    "Keep it away from whoever may make pods as that account: see pods-create.",
  ],
  looksAt: ["serviceaccounts"],
  notDemonstrated: "it takes a cloud",
  source: "documentation of EKS (IRSA), GKE (Workload Identity) and AKS (Workload ID)",
};
