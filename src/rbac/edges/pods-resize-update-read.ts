import { api, type Edge } from "../edge.ts";

export const podsResizeUpdateRead: Edge = {
  id: "pods-resize-update-read",
  name: "update pods/resize",
  grants:
    "the pod with the literal values in its spec and annotations: an update takes resources alone from what is sent, and answers with the whole object, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("", "pods/resize")], named: "always" }],
  since: "1.33",
  until: null,
  caveat:
    "the object's name must be known, and those of its containers; a pod that runs must be on a node that can resize, a finished one need not",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/strategy.go: dropNonResizeUpdates takes all else from the old object",
};
