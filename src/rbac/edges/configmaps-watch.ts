import { api, type Edge } from "../edge.ts";

export const configmapsWatch: Edge = {
  id: "configmaps-watch",
  name: "watch configmaps",
  grants: "every ConfigMap with all its data: a watch begins with what is there",
  effect: "read",
  needs: [{ verbs: ["watch"], on: [api("", "configmaps")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a list that watches is the verb watch",
};
