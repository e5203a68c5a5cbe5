import { type Edge } from "../edge.ts";
import { SECRETS } from "../resources.ts";

export const secretsDelete: Edge = {
  id: "secrets-delete",
  name: "delete secrets",
  grants:
    "the Secret with all its data: a delete with propagationPolicy Foreground or Orphan answers with the object, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["delete"], on: [SECRETS], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; a plain delete answers with a Status",
  looksAt: [],
  notDemonstrated: null,
  source:
    "apiserver/pkg/registry/generic/registry/store.go: Delete returns the object where finalizers are still to do",
};
