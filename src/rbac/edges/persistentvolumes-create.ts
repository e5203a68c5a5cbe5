import { clusterScoped, type Edge } from "../edge.ts";
import { conditionOf, MAKE_PODS } from "../making-pods.ts";
import { EVERY_SECRET } from "../scopes.ts";

export const persistentvolumesCreate: Edge = {
  id: "persistentvolumes-create",
  name: "create a PersistentVolume of a node's path, and pods that claim it",
  grants: "files of a node, past a Pod Security level that forbids hostPath volumes",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [clusterScoped("", "persistentvolumes")], named: "never" }, MAKE_PODS],
  since: null,
  until: null,
  caveat:
    "the claim may be the controller's own work, for an ephemeral volume; the kubelet's folders must be readable to the user that the container runs as",
  prevent: [
    "Grant `create` on persistentvolumes to provisioners and administrators alone: users get volumes by claims.",
    "Have admission refuse PersistentVolumes with hostPath or local sources.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pod-security-admission/policy/check_hostPathVolumes.go looks at the pod's volumes alone",
  reach(site) {
    const condition = conditionOf(site.held[1]!, site);
    if (condition === null) return [];
    const note = `${condition}by files of the node that it asks for, the control plane's own included`;
    return [{ reads: EVERY_SECRET, note }];
  },
};
