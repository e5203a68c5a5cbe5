import { core, type Edge } from "../edge.ts";

export const podsPortforwardGet: Edge = {
  id: "pods-portforward-get",
  name: "get pods/portforward, by websocket",
  grants: "a connection to any port of a running pod, past network policies",
  effect: "maybe",
  needs: [{ verbs: ["get"], on: [core("pods/portforward")], named: "always" }],
  since: null,
  until: "1.35",
  caveat: "as for get pods/exec, and as for create pods/portforward",
  prevent: [
    "Upgrade to 1.35 or later; before it treat `get` on the subresource as `create`, in read-only roles with `pods/*` above all.",
  ],
  looksAt: [],
  notDemonstrated: null,
  source: "pkg/features/kube_features.go: AuthorizePodWebsocketUpgradeCreatePermission",
  reach: () => [{ note: "no Secret itself: what listens in the pods" }],
};
