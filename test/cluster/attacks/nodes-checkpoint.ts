import { ACCEPTED, Forbidden, type Attack } from "./attack.ts";
import { askKubelet, run, shell, VICTIM } from "./real.ts";
import { nodeOf } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "nodes-checkpoint",
    onRealNode: true,
    accepted: true,
    elsewhere: true,
    how: "the memory of a container that has the Secret, where the runtime can write it down",
    rights: (stage) => [stage.everywhere("create", "nodes/checkpoint", nodeOf(stage).name)],
    arrange: async (stage) => {
      await run(stage, { containers: [shell("sleep 10000")] });
    },
    attack: async (stage) => {
      try {
        await askKubelet(stage, "POST", `/checkpoint/${stage.namespace}/${VICTIM}/main`);
      } catch (error) {
        // The kubelet let it through to its runtime, which cannot.
        if (error instanceof Forbidden || !/: 50[01]$/.test((error as Error).message)) throw error;
      }
      return ACCEPTED;
    },
  },
];
