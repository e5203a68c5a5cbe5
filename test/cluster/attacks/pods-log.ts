import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { runVictim, VICTIM } from "./streams.ts";

export const attacks: Attack[] = (["Running", "Succeeded"] as const).map((phase) => ({
  edge: "pods-log",
  elsewhere: true,
  how: `the log of a pod that is ${phase} and has printed the Secret`,
  rights: (stage) => [stage.here("get", "pods/log", VICTIM)],
  arrange: (stage) => runVictim(stage, phase),
  attack: async (stage) => String(await stage.send("GET", pathOf("Pod", stage.namespace, VICTIM, "log"))),
}));
