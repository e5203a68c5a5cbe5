import { api, type Edge } from "../edge.ts";

export const cronjobsStatusGet: Edge = {
  id: "cronjobs-status-get",
  name: "get cronjobs/status",
  grants: "the CronJob with the literal values in its job template and annotations: the answer is the whole object",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("batch", "cronjobs/status")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/batch/cronjob/storage/storage.go: StatusREST.Get is the store's own",
};
