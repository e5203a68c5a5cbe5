import { core, type Edge } from "../edge.ts";

export const servicesProxy: Edge = {
  id: "services-proxy",
  name: "any verb on services/proxy",
  grants: "HTTP requests to the pods behind a Service, from the API server",
  effect: "maybe",
  needs: [{ verbs: ["get", "create", "update", "patch", "delete"], on: [core("services/proxy")], named: "always" }],
  since: null,
  until: null,
  caveat: "something there must give a credential to whoever asks",
  prevent: [
    "Have what listens behind the Service ask for a login.",
    "A network policy can keep the API server's addresses away from its pods.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/service/proxy.go",
  reach: () => [{ note: "no Secret itself: what listens behind Services" }],
};
