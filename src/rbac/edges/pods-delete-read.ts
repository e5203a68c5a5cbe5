import { api, type Edge } from "../edge.ts";

export const podsDeleteRead: Edge = {
  id: "pods-delete-read",
  name: "delete pods",
  grants:
    "the pod with the literal values in its spec and annotations: the answer to a delete is the object, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["delete"], on: [api("", "pods")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/storage/storage.go: ReturnDeletedObject",
};
