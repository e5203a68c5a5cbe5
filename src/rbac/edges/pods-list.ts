import { api, type Edge } from "../edge.ts";

export const podsList: Edge = {
  id: "pods-list",
  name: "list pods",
  grants:
    "every object of the list: the pod with the literal values in its spec and annotations; of Secrets it names only the reference",
  effect: "read",
  needs: [{ verbs: ["list"], on: [api("", "pods")], named: "by-field-selector" }],
  since: null,
  until: null,
  caveat: "with resourceNames only when the request selects metadata.name by field selector",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/endpoints/request/requestinfo.go: a GET without a name is list, and takes its name from fieldSelector metadata.name",
};
