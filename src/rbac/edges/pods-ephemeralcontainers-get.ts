import { api, type Edge } from "../edge.ts";

export const podsEphemeralcontainersGet: Edge = {
  id: "pods-ephemeralcontainers-get",
  name: "get pods/ephemeralcontainers",
  grants: "the pod with the literal values in its spec and annotations: the answer is the whole object",
  effect: "read",
  needs: [{ verbs: ["get"], on: [api("", "pods/ephemeralcontainers")], named: "always" }],
  since: null,
  until: null,
  caveat: "the object's name must be known",
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/storage/storage.go: EphemeralContainersREST.Get is the store's own",
};
