import { api, type Edge } from "../edge.ts";

export const configmapsDeletecollectionRead: Edge = {
  id: "configmaps-deletecollection-read",
  name: "deletecollection configmaps",
  grants:
    "every ConfigMap of the list with all its data: what was deleted is the answer, and with dryRun=All nothing is",
  effect: "read",
  needs: [{ verbs: ["deletecollection"], on: [api("", "configmaps")], named: "never" }],
  since: null,
  until: null,
  caveat: "names never match, because a name is taken from fieldSelector for reading requests alone",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/registry/generic/registry/store.go: DeleteCollection returns the list that it deleted",
};
