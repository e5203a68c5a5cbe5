import { core, type Edge } from "../edge.ts";
import { insidePods } from "../gains.ts";
import { coversName } from "../held.ts";
import { unite } from "../scopes.ts";

export const podsEphemeralcontainers: Edge = {
  id: "pods-ephemeralcontainers",
  name: "update or patch pods/ephemeralcontainers",
  grants:
    "a container in a running pod, with its ServiceAccount's token, that may also name Secrets which the pod never mounted: any of the namespace",
  effect: "execute",
  needs: [{ verbs: ["update", "patch"], on: [core("pods/ephemeralcontainers")], named: "always" }],
  since: null,
  until: null,
  caveat:
    "the pod must be running. On a finished pod the change is accepted too, runs nothing, and widens what the pod's node may read",
  looksAt: ["pods", "serviceaccounts"],
  notDemonstrated: null,
  source:
    "plugin/pkg/auth/authorizer/node/graph_populator.go: ephemeral containers add references; plugin/pkg/admission/serviceaccount: limitEphemeralContainerSecretReferences",
  reach(site) {
    const { world, where, held } = site;
    const inside = insidePods(site, { where, names: held[0]!.names });
    if (inside.latent !== undefined) {
      return [{ latent: "no pod runs; on a finished one it widens what its node may read" }];
    }
    const places = world
      .runningPods(where)
      .filter(({ meta }) => coversName(held[0]!, meta.name))
      .map(({ meta }) => meta.namespace ?? "");
    return [
      { ...inside, reads: unite([inside.reads!, ...[...new Set(places)].map((place) => world.mountable(place))]) },
    ];
  },
};
