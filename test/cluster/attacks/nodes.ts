import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { RequestOptions } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Right } from "./attack.ts";
import { clearPods } from "./kubelet.ts";
import type { Stage } from "./stage.ts";

/** The pod that gives the fake node its rights. */
export const VICTIM = "finished";

/** What it takes to be the fake node: its name, and the group of all nodes. */
export function rightsToBeNode(stage: Stage): Right[] {
  return [
    stage.everywhere("impersonate", "users", `system:node:${String(stage.plane.node)}`),
    stage.everywhere("impersonate", "groups", "system:nodes"),
  ];
}

/** Sends a request as the fake node, with the attacker's own token. */
export function asNode({ plane }: Stage): RequestOptions {
  const user = `system:node:${String(plane.node)}`;
  return { headers: { "impersonate-user": user, "impersonate-group": "system:nodes" } };
}

/** A pod of the fake node, with this spec, that has finished. */
export async function finishedPod(stage: Stage, spec: Stored): Promise<void> {
  const { plane, namespace } = stage;
  if ((await find(plane, "Pod", namespace, VICTIM)) !== null) return;
  const metadata = { namespace, name: VICTIM };
  await must(plane, "POST", pathOf("Pod", namespace), { metadata, spec: { ...spec, restartPolicy: "Never" } });
  await waitFor("the pod to finish", async () => {
    return (await find(plane, "Pod", namespace, VICTIM))?.["status"].phase === "Succeeded";
  });
}

/** What ends the node's rights: the pod's completion does not. */
export const POD_DELETED = {
  how: "the finished pod is deleted",
  by: async (stage: Stage): Promise<void> => {
    await must(stage.plane, "DELETE", pathOf("Pod", stage.namespace, VICTIM));
    await clearPods(stage);
  },
};
