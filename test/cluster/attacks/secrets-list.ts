import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { SECRET, valueIn, type Stage } from "./stage.ts";

const BY_NAME = `?fieldSelector=metadata.name%3D${SECRET}`;

async function list(stage: Stage, query = ""): Promise<string> {
  const { items } = await stage.send("GET", pathOf("Secret", stage.namespace) + query);
  return valueIn(items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === SECRET));
}

export const attacks: Attack[] = [
  {
    edge: "secrets-list",
    how: "all of the namespace",
    rights: (stage) => [stage.here("list", "secrets")],
    attack: (stage) => list(stage),
  },
  {
    edge: "secrets-list",
    how: "one, by a field selector, with its name in the rule",
    rights: (stage) => [stage.here("list", "secrets", SECRET)],
    attack: (stage) => list(stage, BY_NAME),
  },
];
