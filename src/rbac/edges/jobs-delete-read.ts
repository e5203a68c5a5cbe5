import { api, type Edge } from "../edge.ts";

export const jobsDeleteRead: Edge = {
  id: "jobs-delete-read",
  name: "delete jobs",
  grants:
    "the Job with the literal values in its pod template and annotations: a delete answers with the object, with dryRun=All too, unless propagationPolicy is Background",
  effect: "read",
  needs: [{ verbs: ["delete"], on: [api("batch", "jobs")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source:
    "pkg/registry/batch/job/strategy.go: DefaultGarbageCollectionPolicy orphans in batch/v1, and so a finalizer is still to do",
};
