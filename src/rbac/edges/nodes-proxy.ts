import { clusterScoped, type Edge } from "../edge.ts";
import { namesOf } from "../held.ts";
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
    "get is enough, because a websocket is opened by GET; the kubelet's port or the API server's proxy must be within reach",
  looksAt: ["pods"],
  notDemonstrated: null,
  source:
    "pkg/kubelet/server/auth.go: a GET is the verb get, and proxy is the subresource of everything that has none of its own",
  reach({ world, held }) {
    const names = namesOf(held[0]!);
    if (!world.anyRunning("", null) && world.podsWhole("")) return [{ latent: "no pod runs that it could enter" }];
    if (names === null) return [{ reads: world.insideNode(null), to: [{ kind: "node-pods", name: null }] }];
    return [
      {
        reads: unite(names.map((name) => world.insideNode(name))),
        to: names.map((name) => ({ kind: "node-pods", name })),
      },
    ];
  },
};
