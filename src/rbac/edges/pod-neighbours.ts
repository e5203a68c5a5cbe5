import { type Edge } from "../edge.ts";

export const podNeighbours: Edge = {
  id: "pod-neighbours",
  name: "a pod with a view of its node",
  grants: "the Secrets and tokens of other pods on the node, by their processes and files",
  effect: "maybe",
  needs: [],
  since: null,
  until: null,
  caveat: "how far the view goes depends on the path, and on the user that the container runs as",
  prevent: [
    "Enforce Pod Security: `kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce=baseline`, or restricted.",
    "Keep pods that need a view of the node on nodes where no strong credentials run.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pod-security-admission/policy: what the level baseline forbids",
};
