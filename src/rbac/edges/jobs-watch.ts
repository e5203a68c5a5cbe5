import { api, type Edge } from "../edge.ts";

export const jobsWatch: Edge = {
  id: "jobs-watch",
  name: "watch jobs",
  grants:
    "the present state as the first events, then every change: the Job with the literal values in its pod template and annotations",
  effect: "read",
  needs: [{ verbs: ["watch"], on: [api("batch", "jobs")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET with watch=true is watch, and takes its name from fieldSelector metadata.name",
};
