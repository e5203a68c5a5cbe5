import { must, pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { getWith, READER } from "./stage.ts";
import { runWithToken, streamOf, VICTIM } from "./streams.ts";

export const attacks: Attack[] = [
  {
    edge: "pod-token",
    how: "a token taken from a running container, used after its pod has finished",
    later: true,
    rights: (stage) => [stage.here("create", "pods/exec", VICTIM)],
    arrange: (stage) => runWithToken(stage, READER),
    attack: async (stage) => {
      const token = await streamOf(stage, "POST", "exec");
      const path = pathOf("Pod", stage.namespace, VICTIM, "status");
      await must(stage.plane, "PATCH", path, { status: { phase: "Succeeded" } });
      return getWith(stage, token);
    },
  },
];
