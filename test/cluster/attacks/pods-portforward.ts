import type { Attack } from "./attack.ts";
import { runVictim, streamOf, VICTIM } from "./streams.ts";

export const attacks: Attack[] = [
  {
    edge: "pods-portforward",
    elsewhere: true,
    how: "asks an application that has the Secret, and answers whoever reaches it",
    rights: (stage) => [stage.here("create", "pods/portforward", VICTIM)],
    arrange: (stage) => runVictim(stage),
    // A kubelet speaks SPDY with a POST; what is spoken after the upgrade is none of the API server's business.
    attack: (stage) => streamOf(stage, "POST", "portforward"),
  },
];
