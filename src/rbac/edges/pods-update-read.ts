import { api, type Edge } from "../edge.ts";

export const podsUpdateRead: Edge = {
  id: "pods-update-read",
  name: "update pods",
  grants:
    "the literal values in its spec: an update that may not change what it changes is refused, and the refusal quotes what is there, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("", "pods")], named: "always" }],
  parts: ["spec"],
  since: null,
  until: null,
  caveat: "the pod's name and the number of its containers must be known; audit logs show an update that failed",
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/apis/core/validation/validation.go: ValidatePodUpdate puts the difference of the two specs into its message",
};
