import { core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";

export const podsAttachGet: Edge = {
  id: "pods-attach-get",
  name: "get pods/attach, by websocket",
  grants: "input and output of a running container's first process",
  effect: "maybe",
  needs: [{ verbs: ["get"], on: [core("pods/attach")], named: "always" }],
  since: null,
  until: "1.35",
  caveat: "as for get pods/exec, and as for create pods/attach",
  prevent: [
    "Upgrade to 1.35 or later; before it treat `get` on the subresource as `create`, in read-only roles with `pods/*` above all.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/features/kube_features.go: AuthorizePodWebsocketUpgradeCreatePermission",
  reach: (site) => [insidePods(site, { where: site.where, names: site.held[0]!.names })],
};
