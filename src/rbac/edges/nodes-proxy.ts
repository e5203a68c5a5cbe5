import { clusterScoped, type Edge } from "../edge.ts";
import { namesOf } from "../held.ts";
import type { Position } from "../position.ts";
import { unite } from "../scopes.ts";

export const nodesProxy: Edge = {
  id: "nodes-proxy",
  name: "get or create nodes/proxy",
  grants: "the kubelet's own API: a process in any running container of the node, and every log, past the audit log",
  effect: "execute",
  needs: [{ verbs: ["get", "create"], on: [clusterScoped("", "nodes/proxy")], named: "always" }],
  since: null,
  until: null,
  caveat:
    "at the kubelet's port get is enough, because a websocket is opened by GET; through the API server's proxy, which drops the query of an upgrade, get brings the logs and create the process; a kubelet goes on for five minutes with a right that it has seen",
  prevent: [
    "Grant what is needed instead: nodes/metrics, nodes/stats and nodes/log, and since 1.33 nodes/pods, nodes/healthz and nodes/configz; what the files and pods of a node show is said in nodes-log-get and nodes-pods-get.",
    "Keep the kubelet's port (10250) away from pods and people by network rules: its requests are in no audit log.",
  ],
  looksAt: ["pods"],
  notDemonstrated: null,
  source:
    "pkg/kubelet/server/auth.go: a GET is the verb get, and proxy is the subresource of everything that has none of its own; apimachinery/pkg/util/proxy/upgradeaware.go: tryUpgrade",
  reach({ world, held }) {
    const names = namesOf(held[0]!);
    const runs = names === null ? world.anyRunning("", null) : names.some((name) => world.runningOn(name).length > 0);
    const to: Position[] = (names ?? [null]).map((name) => ({ kind: "node-pods", name }));
    if (runs) return [{ reads: unite((names ?? [null]).map((name) => world.insideNode(name))), to }];
    if (world.isWhole("pods", "")) return [{ latent: "no pod runs that it could enter" }];
    return [{ effect: "maybe", to, note: "if a pod runs there: not all pods were seen" }];
  },
};
