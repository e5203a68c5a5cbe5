import { api, type Edge } from "../edge.ts";

export const configmapsPatchRead: Edge = {
  id: "configmaps-patch-read",
  name: "patch configmaps",
  grants:
    "the ConfigMap with all its data: the answer to a patch is the object, to an empty one with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["patch"], on: [api("", "configmaps")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; audit logs show a patch, and no get",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/handlers/patch.go: transformResponseObject writes the patched object",
};
