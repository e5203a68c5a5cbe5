import { api, type Edge } from "../edge.ts";

export const podsDeletecollectionRead: Edge = {
  id: "pods-deletecollection-read",
  name: "deletecollection pods",
  grants:
    "every pod of the list with the literal values in its spec and annotations: what was deleted is the answer, and with dryRun=All nothing is",
  effect: "read",
  needs: [{ verbs: ["deletecollection"], on: [api("", "pods")], named: "never" }],
  since: null,
  until: null,
  caveat: "names never match, because a name is taken from fieldSelector for reading requests alone",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/registry/generic/registry/store.go: DeleteCollection returns the list that it deleted",
};
