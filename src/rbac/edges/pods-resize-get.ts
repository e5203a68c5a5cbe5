import { api, type Edge } from "../edge.ts";

export const podsResizeGet: Edge = {
  id: "pods-resize-get",
  name: "get pods/resize",
  grants: "the pod with the literal values in its spec and annotations: the answer is the whole object",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "pods/resize")], named: "always" }],
  since: "1.33",
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/storage/storage.go: ResizeREST.Get is the store's own",
};
