import { api, type Edge } from "../edge.ts";

export const podsGet: Edge = {
  id: "pods-get",
  name: "get pods",
  grants: "the pod with the literal values in its spec and annotations; of Secrets it names only the reference",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "pods")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: a GET with a name is the verb get",
};
