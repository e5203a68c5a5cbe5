import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { getWith, READER, reader } from "./stage.ts";

export const attacks: Attack[] = [[], [READER]].map((names) => ({
  edge: "serviceaccounts-token",
  how: names.length === 0 ? "for any account of the namespace" : "for the one account that the rule names",
  rights: (stage) => [stage.here("create", "serviceaccounts/token", ...names)],
  arrange: (stage) => reader(stage),
  attack: async (stage) => {
    const path = pathOf("ServiceAccount", stage.namespace, READER, "token");
    return getWith(stage, (await stage.send("POST", path, { spec: {} }))["status"].token);
  },
}));
