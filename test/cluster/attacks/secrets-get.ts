import type { Attack } from "./attack.ts";
import { canaryPath, SECRET, valueIn } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "secrets-get",
    how: "by its name",
    mayGet: true,
    rights: (stage) => [stage.here("get", "secrets", SECRET)],
    attack: async (stage) => valueIn(await stage.send("GET", canaryPath(stage))),
  },
];
