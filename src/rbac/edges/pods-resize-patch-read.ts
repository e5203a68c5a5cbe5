import { api, type Edge } from "../edge.ts";

export const podsResizePatchRead: Edge = {
  id: "pods-resize-patch-read",
  name: "patch pods/resize",
  grants:
    "the pod with the literal values in its spec and annotations: the answer to a patch is the whole object, to an empty one with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["patch"], on: [api("", "pods/resize")], named: "always" }],
  since: "1.33",
  until: null,
  caveat:
    "the object's name must be known; audit logs show a patch, and no get; a pod that runs must be on a node that can resize, a finished one need not",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/handlers/patch.go: transformResponseObject writes the patched object",
};
