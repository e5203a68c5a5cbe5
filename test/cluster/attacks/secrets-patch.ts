import type { Attack } from "./attack.ts";
import { canaryPath, SECRET, valueIn } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "secrets-patch",
    how: "by an empty patch that is not even stored",
    rights: (stage) => [stage.here("patch", "secrets", SECRET)],
    attack: async (stage) => {
      const contentType = "application/merge-patch+json";
      return valueIn(await stage.send("PATCH", `${canaryPath(stage)}?dryRun=All`, {}, { contentType }));
    },
  },
];
