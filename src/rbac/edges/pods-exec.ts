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
  prevent: [
    "Grant it to people, for the time of an incident, by a RoleBinding that is taken away again; a session that is open goes on until its container ends.",
    "An image without a shell does not prevent it: any program in it can be started, and pods-ephemeralcontainers brings one along.",
    "Set `automountServiceAccountToken: false` where the work calls no API: then no token stands there.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source: "pkg/registry/core/pod/rest/subresources.go: ExecREST",
  reach: (site) => [insidePods(site, { where: site.where, names: site.held[0]!.names })],
};
