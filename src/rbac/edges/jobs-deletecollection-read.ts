import { api, type Edge } from "../edge.ts";

export const jobsDeletecollectionRead: Edge = {
  id: "jobs-deletecollection-read",
  name: "deletecollection jobs",
  grants:
    "every Job of the list with the literal values in its pod template and annotations: what was deleted is the answer, and with dryRun=All nothing is",
  effect: "read",
  needs: [{ verbs: ["deletecollection"], on: [api("batch", "jobs")], named: "never" }],
  since: null,
  until: null,
  caveat: "names never match, because a name is taken from fieldSelector for reading requests alone",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/registry/generic/registry/store.go: DeleteCollection returns the list that it deleted",
};
