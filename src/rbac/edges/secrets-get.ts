import { api, type Edge } from "../edge.ts";

export const secretsGet: Edge = {
  id: "secrets-get",
  name: "get secrets",
  grants: "the Secret with all its data",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "secrets")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
