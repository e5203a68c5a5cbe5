import { core, type Edge } from "../edge.ts";

export const podsPortforward: Edge = {
  id: "pods-portforward",
  name: "create pods/portforward",
  grants: "a connection to any port of a running pod, past network policies",
  effect: "maybe",
  needs: [{ verbs: ["create"], on: [core("pods/portforward")], named: "always" }],
  since: null,
  until: null,
  caveat: "something there must give a credential to whoever asks",
  prevent: [
    "Have what listens in a pod ask for a login, on loopback too: a network policy does not see this connection.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/subresources.go: PortForwardREST",
  reach: () => [{ note: "no Secret itself: what listens in the pods" }],
};
