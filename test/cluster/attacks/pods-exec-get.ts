import type { Attack } from "./attack.ts";
import { runVictim, streamOf, VICTIM } from "./streams.ts";

export const attacks: Attack[] = [
  {
    edge: "pods-exec-get",
    how: "the same with a WebSocket, which is a GET",
    gone: ["AuthorizePodWebsocketUpgradeCreatePermission"],
    rights: (stage) => [stage.here("get", "pods/exec", VICTIM)],
    arrange: (stage) => runVictim(stage),
    attack: (stage) => streamOf(stage, "GET", "exec"),
  },
];
