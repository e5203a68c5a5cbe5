import type { Stored } from "../../control-plane/story.ts";
import type { Attack } from "./attack.ts";
import { HOST_PATH, lookAround, settle, VIEW, type LOOTS } from "./neighbour.ts";
import { enforce, intrude, podSecurity } from "./psa.ts";

const FILES = { name: "node", ...HOST_PATH };

/** What such a pod may be, and what it finds: of a pod in a namespace in which the attacker has no right at all. */
const VIEWS: { how: string; loot: keyof typeof LOOTS; by: { container?: Stored; pod: Stored } }[] = [
  {
    how: "the files of its node: a Secret's volume",
    loot: "secrets",
    by: { container: VIEW, pod: { volumes: [FILES] } },
  },
  { how: "the files of its node: a token", loot: "tokens", by: { container: VIEW, pod: { volumes: [FILES] } } },
  { how: "the processes of its node: an environment", loot: "environments", by: { pod: { hostPID: true } } },
];

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
  ...VIEWS.map(({ how, loot, by }): Attack => ({
    edge: "pods-create-node",
    how: `a pod that sees ${how} of another namespace's pod`,
    onRealNode: true,
    rights: (stage) => [stage.here("create", "pods")],
    arrange: (stage) => settle(stage, stage.next),
    attack: (stage) => lookAround(stage, loot, by),
  })),
];
