import { api, type Edge } from "../edge.ts";

export const podsStatusGet: Edge = {
  id: "pods-status-get",
  name: "get pods/status",
  grants: "the pod with the literal values in its spec and annotations: the answer is the whole object",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "pods/status")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/storage/storage.go: StatusREST.Get is the store's own",
};
