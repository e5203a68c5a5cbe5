import type { Attack } from "./attack.ts";
import { enforce, intrude, podSecurity } from "./psa.ts";

export const attacks: Attack[] = [
  {
    edge: "pods-create-node",
    how: "a pod that sees the files of its node",
    accepted: true,
    rights: (stage) => [stage.here("create", "pods")],
    attack: intrude,
    ends: {
      how: "the namespace is given a Pod Security level",
      by: async (stage) => {
        await enforce(stage, "baseline");
        await podSecurity(stage, "refuses");
      },
    },
  },
];
