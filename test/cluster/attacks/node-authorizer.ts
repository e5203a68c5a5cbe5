import type { Attack } from "./attack.ts";
import { podSpec } from "./kubelet.ts";
import { asNode, finishedPod, POD_DELETED, rightsToBeNode } from "./nodes.ts";
import { canaryPath, valueIn } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "node-authorizer",
    how: "as the node of a pod that has the Secret and has finished",
    later: true,
    rights: rightsToBeNode,
    arrange: (stage) => finishedPod(stage, podSpec(stage)),
    attack: async (stage) => valueIn(await stage.send("GET", canaryPath(stage), undefined, asNode(stage))),
    ends: POD_DELETED,
  },
];
