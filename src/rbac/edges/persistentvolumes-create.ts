import { clusterScoped, core, type Edge } from "../edge.ts";
import { CREATE_PODS } from "../resources.ts";

export const persistentvolumesCreate: Edge = {
  id: "persistentvolumes-create",
  name: "create a PersistentVolume of a node's path, and pods that claim it",
  grants: "files of a node, past a Pod Security level that forbids hostPath volumes",
  effect: "maybe",
  needs: [
    { verbs: ["create"], on: [clusterScoped("", "persistentvolumes")], named: "never" },
    { verbs: ["create"], on: [core("persistentvolumeclaims")], named: "never" },
    CREATE_PODS,
  ],
  since: null,
  until: null,
  caveat: "the kubelet's folders must be readable to the user that the container runs as",
  looksAt: ["pods"],
  notDemonstrated: "what the pod reads on its node takes a real node",
  source: "pod-security-admission/policy/check_hostPathVolumes.go looks at the pod's volumes alone",
  reach: () => [{ to: [{ kind: "nodes" }], note: "by files of the node" }],
};
