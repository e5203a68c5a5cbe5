import type { Attack } from "./attack.ts";
import { runVictim, streamOf, VICTIM } from "./streams.ts";

export const attacks: Attack[] = [
  {
    edge: "pods-exec",
    how: "runs a command in a container that has the Secret",
    rights: (stage) => [stage.here("create", "pods/exec", VICTIM)],
    arrange: (stage) => runVictim(stage),
    // A kubelet speaks SPDY with a POST; what is spoken after the upgrade is none of the API server's business.
    attack: (stage) => streamOf(stage, "POST", "exec"),
  },
];
