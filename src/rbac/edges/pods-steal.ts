import { clusterScoped, core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";

export const podsSteal: Edge = {
  id: "pods-steal",
  name: "evict pods and steer their successors",
  grants: "pods of controllers on a node of one's own, with their Secrets and tokens",
  effect: "maybe",
  needs: [
    {
      verbs: ["delete", "create", "update", "patch"],
      on: [core("pods"), core("pods/eviction"), core("pods/status")],
      named: "always",
    },
    {
      verbs: ["update", "patch"],
      on: [clusterScoped("", "nodes"), clusterScoped("", "nodes/status")],
      named: "always",
    },
  ],
  since: null,
  until: null,
  caveat: "a node must be one's own already, and no other may take the pod",
  prevent: [
    "Grant writes of nodes and nodes/status to kubelets and node controllers alone; NodeRestriction limits a kubelet to its own node.",
  ],
  looksAt: ["pods"],
  notDemonstrated: "it takes a scheduler and a second node",
  source: "rbac-police, rule steal_pods",
  reach(site) {
    const [remove] = site.held;
    const removes =
      remove?.matches.some(({ verb, on }) =>
        on.subresource === "eviction"
          ? verb === "create"
          : on.subresource === "status"
            ? ["update", "patch"].includes(verb)
            : verb === "delete",
      ) ?? false;
    return removes
      ? [{ ...insidePods(site, { where: site.where, names: remove!.names }), note: "from a node of one's own" }]
      : [];
  },
};
