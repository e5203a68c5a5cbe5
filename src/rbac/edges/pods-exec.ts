import { core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";

export const podsExec: Edge = {
  id: "pods-exec",
  name: "create pods/exec",
  grants: "a process in a running container: the Secrets that stand in it and its ServiceAccount's token",
  effect: "execute",
  needs: [{ verbs: ["create"], on: [core("pods/exec")], named: "always" }],
  since: null,
  until: null,
  caveat: "the pod must be running, and its name known; a finished pod cannot be entered",
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/subresources.go: ExecREST",
  reach: (site) => [insidePods(site, { where: site.where, names: site.held[0]!.names })],
};
