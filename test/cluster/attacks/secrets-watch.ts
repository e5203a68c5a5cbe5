import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { firstEvent } from "./first-event.ts";
import { SECRET, valueIn, type Stage } from "./stage.ts";

async function watch(stage: Stage, query = ""): Promise<string> {
  return valueIn((await firstEvent(stage, `${pathOf("Secret", stage.namespace)}?watch=true${query}`))["object"]);
}

export const attacks: Attack[] = [
  {
    edge: "secrets-watch",
    how: "all of the namespace",
    rights: (stage) => [stage.here("watch", "secrets")],
    attack: (stage) => watch(stage),
  },
  {
    edge: "secrets-watch",
    how: "one, by a field selector, with its name in the rule",
    rights: (stage) => [stage.here("watch", "secrets", SECRET)],
    attack: (stage) => watch(stage, `&fieldSelector=metadata.name%3D${SECRET}`),
  },
];
