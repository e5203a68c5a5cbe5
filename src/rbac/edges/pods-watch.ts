import { api, type Edge } from "../edge.ts";

export const podsWatch: Edge = {
  id: "pods-watch",
  name: "watch pods",
  grants:
    "the present state as the first events, then every change: the pod with the literal values in its spec and annotations; of Secrets it names only the reference",
  effect: "read",
  needs: [{ verbs: ["watch"], on: [api("", "pods")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET with watch=true is watch, and takes its name from fieldSelector metadata.name",
};
