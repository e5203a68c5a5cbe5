import { type Edge } from "../edge.ts";
import { SECRETS } from "../resources.ts";

export const secretsDeletecollection: Edge = {
  id: "secrets-deletecollection",
  name: "deletecollection secrets",
  grants: "every Secret of the list with all its data: what was deleted is the answer, and with dryRun=All nothing is",
  effect: "read",
  needs: [{ verbs: ["deletecollection"], on: [SECRETS], named: "never" }],
  since: null,
  until: null,
  caveat: "names never match, because a name is taken from fieldSelector for reading requests alone",
  looksAt: [],
  notDemonstrated: null,
  source: "apiserver/pkg/registry/generic/registry/store.go: DeleteCollection returns the list that it deleted",
};
