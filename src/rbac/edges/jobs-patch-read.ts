import { api, type Edge } from "../edge.ts";

export const jobsPatchRead: Edge = {
  id: "jobs-patch-read",
  name: "patch jobs",
  grants:
    "the Job with the literal values in its pod template and annotations: the answer to a patch is the object, to an empty one with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["patch"], on: [api("batch", "jobs")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; audit logs show a patch, and no get",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/handlers/patch.go: transformResponseObject writes the patched object",
};
