import { type Edge } from "../edge.ts";
import { SECRETS } from "../resources.ts";

export const secretsPatch: Edge = {
  id: "secrets-patch",
  name: "patch secrets",
  grants: "the Secret with all its data: the answer to a patch is the object, to an empty one with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["patch"], on: [SECRETS], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; audit logs show a patch, and no get",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/handlers/patch.go: transformResponseObject writes the patched object",
};
