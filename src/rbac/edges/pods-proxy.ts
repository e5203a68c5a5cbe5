import { core, type Edge } from "../edge.ts";

export const podsProxy: Edge = {
  id: "pods-proxy",
  name: "any verb on pods/proxy",
  grants: "HTTP requests to a running pod, from the API server",
  effect: "maybe",
  needs: [{ verbs: ["get", "create", "update", "patch", "delete"], on: [core("pods/proxy")], named: "always" }],
  since: null,
  until: null,
  caveat: "something there must give a credential to whoever asks",
  prevent: [
    "Have what listens in a pod ask for a login.",
    "A network policy can keep the API server's addresses away from the pod.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/subresources.go: ProxyREST",
  reach: () => [{ note: "no Secret itself: what listens in the pods" }],
};
