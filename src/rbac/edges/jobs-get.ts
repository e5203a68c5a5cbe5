import { api, type Edge } from "../edge.ts";

export const jobsGet: Edge = {
  id: "jobs-get",
  name: "get jobs",
  grants: "the Job with the literal values in its pod template and annotations",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("batch", "jobs")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
