import { api, type Edge } from "../edge.ts";

export const configmapsGet: Edge = {
  id: "configmaps-get",
  name: "get configmaps",
  grants: "the ConfigMap with all its data",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "configmaps")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
