import { pathOf, must } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { canaryPath, SECRET, valueIn } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "secrets-deletecollection",
    how: "by a deletion of all that is not carried out",
    rights: (stage) => [stage.here("deletecollection", "secrets")],
    attack: async (stage) => {
      const { items } = await stage.send("DELETE", `${pathOf("Secret", stage.namespace)}?dryRun=All`);
      const answered = valueIn(items.find(({ metadata }: { metadata: { name: string } }) => metadata.name === SECRET));
      const still = valueIn(await must(stage.plane, "GET", canaryPath(stage)));
      if (still !== answered) throw new Error("the Secret is not what it was");
      return answered;
    },
  },
];
