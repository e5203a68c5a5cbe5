import { api, type Edge } from "../edge.ts";

export const configmapsDeleteRead: Edge = {
  id: "configmaps-delete-read",
  name: "delete configmaps",
  grants:
    "the ConfigMap with all its data: a delete with propagationPolicy Foreground or Orphan answers with the object, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["delete"], on: [api("", "configmaps")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; a plain delete answers with a Status",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/registry/generic/registry/store.go: Delete returns the object where finalizers are still to do",
};
