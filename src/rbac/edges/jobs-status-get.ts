import { api, type Edge } from "../edge.ts";

export const jobsStatusGet: Edge = {
  id: "jobs-status-get",
  name: "get jobs/status",
  grants: "the Job with the literal values in its pod template and annotations: the answer is the whole object",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("batch", "jobs/status")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/batch/job/storage/storage.go: StatusREST.Get is the store's own",
};
