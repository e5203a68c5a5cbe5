import { core, type Edge } from "../edge.ts";
import { coversName } from "../held.ts";
import { conditionOf, MAKE_PODS } from "../making-pods.ts";
import { EVERY_SECRET } from "../scopes.ts";

export const namespacesPatch: Edge = {
  id: "namespaces-patch",
  name: "patch a namespace, and make pods in it",
  grants: "a namespace without its Pod Security label, and so a privileged pod on whichever node",
  effect: "maybe",
  needs: [{ verbs: ["update", "patch"], on: [core("namespaces")], named: "always" }, MAKE_PODS],
  since: null,
  until: null,
  caveat: "a RoleBinding in the namespace is enough, because a request for it carries its name as its namespace",
  prevent: [
    "Leave writes of namespaces out of roles for those who make pods in them.",
    "Set a default level in the API server's configuration of Pod Security, and have admission keep the label.",
  ],
  looksAt: ["namespaces"],
  notDemonstrated: null,
  source: "apiserver/pkg/endpoints/request/requestinfo.go: for namespaces the name is the namespace",
  reach(site) {
    const { world, where, held } = site;
    const condition = conditionOf(held[1]!, site);
    if (condition === null) return [];
    // Where the label forbids nothing, creating the pod is enough, and another edge says so.
    const closed = (where === "" ? world.rbac.namespaces : [where]).filter(
      (namespace) => world.nodeIsClosed(namespace) && coversName(held[0]!, namespace),
    );
    if (closed.length === 0) return [];
    return [
      {
        reads: EVERY_SECRET,
        note: `${condition}of the node that it asks for, the control plane's own included; unless admission that the API does not show forbids it`,
      },
    ];
  },
};
