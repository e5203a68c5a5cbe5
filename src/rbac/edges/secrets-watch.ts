import { api, type Edge } from "../edge.ts";

export const secretsWatch: Edge = {
  id: "secrets-watch",
  name: "watch secrets",
  grants: "the present state as the first events, then every change: the Secret with all its data",
  effect: "read",
  needs: [{ verbs: ["watch"], on: [api("", "secrets")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET with watch=true is watch, and takes its name from fieldSelector metadata.name",
};
