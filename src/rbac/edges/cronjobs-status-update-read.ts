import { api, type Edge } from "../edge.ts";

export const cronjobsStatusUpdateRead: Edge = {
  id: "cronjobs-status-update-read",
  name: "update cronjobs/status",
  grants:
    "the literal values in its job template: an update of the status keeps the spec and answers with it, to a body that holds only the name and with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("batch", "cronjobs/status")], named: "always" }],
  parts: ["spec"],
  since: null,
  until: null,
  caveat: "the object's name must be known; annotations and status are answered as they were sent",
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/registry/batch/cronjob/strategy.go: cronJobStatusStrategy.PrepareForUpdate takes the spec from the old object",
};
