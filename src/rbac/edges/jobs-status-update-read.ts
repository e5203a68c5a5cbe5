import { api, type Edge } from "../edge.ts";

export const jobsStatusUpdateRead: Edge = {
  id: "jobs-status-update-read",
  name: "update jobs/status",
  grants:
    "the literal values in its pod template: an update of the status keeps the spec and answers with it, to a body that holds only the name and with dryRun=All as well",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("batch", "jobs/status")], named: "always" }],
  parts: ["spec"],
  since: null,
  until: null,
  caveat:
    "the object's name must be known; a finished Job's status must be sent as it is, and so be known; annotations and status are answered as they were sent",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/batch/job/strategy.go: jobStatusStrategy.PrepareForUpdate takes the spec from the old object",
};
