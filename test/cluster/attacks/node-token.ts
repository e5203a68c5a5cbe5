import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { harmless } from "./kubelet.ts";
import { asNode, finishedPod, POD_DELETED, rightsToBeNode, VICTIM } from "./nodes.ts";
import { getWith, READER, reader, type Stage } from "./stage.ts";

/** The uid of a pod is no secret: the node sees it in the pod, and whoever holds a token of it there. */
async function uidOf({ plane, namespace }: Stage): Promise<string> {
  const { body } = await plane.request("GET", pathOf("Pod", namespace, VICTIM));
  return body.metadata?.uid ?? "no-such-pod";
}

export const attacks: Attack[] = [
  {
    edge: "node-token",
    how: "as the node of a pod that has finished: a new token of the account that it ran as",
    later: true,
    rights: rightsToBeNode,
    arrange: async (stage) => {
      await reader(stage);
      await finishedPod(stage, harmless(stage, { serviceAccountName: READER }));
    },
    attack: async (stage) => {
      const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: VICTIM, uid: await uidOf(stage) };
      const path = pathOf("ServiceAccount", stage.namespace, READER, "token");
      const review = await stage.send("POST", path, { spec: { boundObjectRef } }, asNode(stage));
      return getWith(stage, review["status"].token);
    },
    ends: POD_DELETED,
  },
];
