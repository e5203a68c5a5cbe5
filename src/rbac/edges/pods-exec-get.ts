import { core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";

export const podsExecGet: Edge = {
  id: "pods-exec-get",
  name: "get pods/exec, by websocket",
  grants: "a process in a running container: a websocket is opened by GET, and was authorized as that",
  effect: "execute",
  needs: [{ verbs: ["get"], on: [core("pods/exec")], named: "always" }],
  since: null,
  until: "1.35",
  caveat:
    "since 1.35 the feature gate AuthorizePodWebsocketUpgradeCreatePermission asks for create as well; it can be switched off",
  prevent: [
    "Upgrade to 1.35 or later; before it treat `get` on the subresource as `create`, in read-only roles with `pods/*` above all.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/features/kube_features.go: AuthorizePodWebsocketUpgradeCreatePermission; kubernetes#78741",
  reach: (site) => [insidePods(site, { where: site.where, names: site.held[0]!.names })],
};
