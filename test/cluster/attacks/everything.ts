import type { Attack } from "./attack.ts";
import { canaryPath, valueIn } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "everything",
    how: "every verb on everything, in one namespace",
    mayGet: true,
    rights: (stage) => [stage.here("*", "*")],
    attack: async (stage) => valueIn(await stage.send("GET", canaryPath(stage))),
  },
];
