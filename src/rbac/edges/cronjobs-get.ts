import { api, type Edge } from "../edge.ts";

export const cronjobsGet: Edge = {
  id: "cronjobs-get",
  name: "get cronjobs",
  grants: "the CronJob with the literal values in its job template and annotations",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("batch", "cronjobs")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
