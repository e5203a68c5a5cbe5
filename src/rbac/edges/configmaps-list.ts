import { api, type Edge } from "../edge.ts";

export const configmapsList: Edge = {
  id: "configmaps-list",
  name: "list configmaps",
  grants: "every ConfigMap of the list with all its data",
  effect: "read",
  needs: [{ verbs: ["list"], on: [api("", "configmaps")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET without a name is list, and takes its name from fieldSelector metadata.name",
};
