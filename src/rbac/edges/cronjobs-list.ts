import { api, type Edge } from "../edge.ts";

export const cronjobsList: Edge = {
  id: "cronjobs-list",
  name: "list cronjobs",
  grants: "every object of the list: the CronJob with the literal values in its job template and annotations",
  effect: "read",
  needs: [{ verbs: ["list"], on: [api("batch", "cronjobs")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET without a name is list, and takes its name from fieldSelector metadata.name",
};
