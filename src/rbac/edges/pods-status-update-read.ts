import { api, type Edge } from "../edge.ts";

export const podsStatusUpdateRead: Edge = {
  id: "pods-status-update-read",
  name: "update pods/status",
  grants:
    "the literal values in its spec: an update of the status keeps the spec and answers with it, to a body that holds only the name and with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("", "pods/status")], named: "always" }],
  parts: ["spec"],
  since: null,
  until: null,
  caveat: "the object's name must be known; annotations and status are answered as they were sent",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/strategy.go: podStatusStrategy.PrepareForUpdate takes the spec from the old object",
};
