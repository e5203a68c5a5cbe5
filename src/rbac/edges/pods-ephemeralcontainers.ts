import type { Reach } from "../../model/report.ts";
import type { Pod } from "../../model/workload.ts";
import { serviceAccountOf } from "../../scope/match.ts";
import { core, type Edge, type Site } from "../edge.ts";
import { insideChangeablePods } from "../gains.ts";
import { coversName } from "../held.ts";
import { isMirror } from "../pods.ts";
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
    "the pod must be running; an account with the annotation kubernetes.io/enforce-mountable-secrets limits which Secrets. On a finished pod the change is accepted too, runs nothing, and widens what the pod's node may read",
  prevent: [
    "Grant it to people, for the time of an incident, by a RoleBinding that is taken away again.",
    "Delete the pods that got one: an ephemeral container cannot be taken out again.",
    "`kubectl debug --copy-to` needs `create` on pods instead, which is no less: see pods-create.",
  ],
  looksAt: ["pods", "serviceaccounts"],
  notDemonstrated: null,
  source:
    "plugin/pkg/auth/authorizer/node/graph_populator.go: ephemeral containers add references; plugin/pkg/admission/serviceaccount: limitEphemeralContainerSecretReferences",
  reach(site) {
    const { world, where, held } = site;
    const inside = insideChangeablePods(site);
    if (inside.latent !== undefined) {
      return [{ latent: "no pod runs; on a finished one it widens what its node may read" }];
    }
    const entered = world.runningPods(where).filter((pod) => !isMirror(pod) && coversName(held[0]!, pod.meta.name));
    const reads = unite([inside.reads!, ...entered.map((pod) => namedIn(world, pod))]);
    return [{ ...inside, reads }];
  },
};

/** An ephemeral container brings no volume, so the account's list, where it limits, limits all of its references. */
function namedIn(world: Site["world"], pod: Pod): Reach {
  const namespace = pod.meta.namespace ?? "";
  return world.secretsAt(namespace, world.mountable(namespace, serviceAccountOf(pod)));
}
