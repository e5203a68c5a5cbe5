import { api, type Edge } from "../edge.ts";

export const cronjobsDeletecollectionRead: Edge = {
  id: "cronjobs-deletecollection-read",
  name: "deletecollection cronjobs",
  grants:
    "every CronJob of the list with the literal values in its job template and annotations: what was deleted is the answer, and with dryRun=All nothing is",
  effect: "read",
  needs: [{ verbs: ["deletecollection"], on: [api("batch", "cronjobs")], named: "never" }],
  since: null,
  until: null,
  caveat: "names never match, because a name is taken from fieldSelector for reading requests alone",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/registry/generic/registry/store.go: DeleteCollection returns the list that it deleted",
};
