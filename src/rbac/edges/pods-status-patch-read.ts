import { api, type Edge } from "../edge.ts";

export const podsStatusPatchRead: Edge = {
  id: "pods-status-patch-read",
  name: "patch pods/status",
  grants:
    "the pod with the literal values in its spec and annotations: the answer to a patch of the status is the whole object, to an empty one with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["patch"], on: [api("", "pods/status")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; audit logs show a patch, and no get",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/handlers/patch.go: transformResponseObject writes the patched object",
};
