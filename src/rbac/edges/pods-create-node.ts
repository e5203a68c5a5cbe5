import { type Edge } from "../edge.ts";
import { CREATE_PODS } from "../resources.ts";
import { EVERY_SECRET } from "../scopes.ts";

export const podsCreateNode: Edge = {
  id: "pods-create-node",
  name: "create pods that take their node",
  grants: "a privileged pod, or one with a hostPath: the Secrets and tokens of every pod on whichever node it asks for",
  effect: "maybe",
  needs: [CREATE_PODS],
  since: null,
  until: null,
  caveat:
    "the namespace's label pod-security.kubernetes.io/enforce must be neither baseline nor restricted; a default level of the server, and other admission, do not show in the API",
  prevent: [
    "Enforce Pod Security: `kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce=baseline`, or restricted.",
    "Set a default level in the API server's configuration of Pod Security, for namespaces without a label.",
  ],
  looksAt: ["namespaces"],
  notDemonstrated: null,
  source: "pod-security-admission/policy/check_privileged.go and check_hostPathVolumes.go",
  reach({ world, where }) {
    if (where !== "" && world.nodeIsClosed(where)) return [];
    return [
      {
        reads: EVERY_SECRET,
        note: "of the node that it asks for, the control plane's own included; unless admission that the API does not show forbids it",
      },
    ];
  },
};
