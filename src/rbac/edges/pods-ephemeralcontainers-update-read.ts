import { api, type Edge } from "../edge.ts";

export const podsEphemeralcontainersUpdateRead: Edge = {
  id: "pods-ephemeralcontainers-update-read",
  name: "update pods/ephemeralcontainers",
  grants:
    "the pod with the literal values in its spec and annotations: an update takes ephemeral containers alone from what is sent, and answers with the whole object, with dryRun=All too",
  effect: "read",
  needs: [{ verbs: ["update"], on: [api("", "pods/ephemeralcontainers")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known; ephemeral containers that are there must be sent too, and so be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/strategy.go: dropNonEphemeralContainerUpdates takes all else from the old object",
};
