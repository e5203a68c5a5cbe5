import type { Flag } from "./flags.ts";

/** The flags of a lab. */
export const lab = {
  lab: {
    type: "boolean",
    help: "carry the attacks out in a lab of its own on the cluster that --context names, and take it down again",
  },
  "confirm-cluster": {
    type: "string",
    value: "UID|NAME",
    help: "the cluster that the lab is meant for, by the uid of kube-system or its name in the kubeconfig, instead of typing it",
  },
  image: {
    type: "string",
    value: "IMAGE",
    help: "the lab's image; unless --placement driver, it has sh, sha256sum and kubectl, and the lab's containers act themselves",
  },
  placement: {
    type: "string",
    value: "WHO",
    choices: ["driver", "container"],
    help: "who acts for a workload: its containers, which is the default with --image, or the program with their tokens",
  },
  node: { type: "string", value: "NAME", help: "node for the lab's pods; without it the scheduler chooses" },
  variants: { type: "boolean", help: "also run the other forms of each attack and of its defence" },
  run: { type: "string", value: "RUN", help: "the lab run to clean up, as r0123abcd; without it all of the cluster" },
} as const satisfies Record<string, Flag>;
