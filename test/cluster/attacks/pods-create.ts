import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { environmentOf, harmless, podSpec, readAsPod } from "./kubelet.ts";
import { fresh, READER, reader } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "pods-create",
    how: "a pod with the Secret in its environment",
    rights: (stage) => [stage.here("create", "pods")],
    attack: async (stage) => {
      const body = { metadata: { name: fresh("pod") }, spec: podSpec(stage) };
      return environmentOf(stage, await stage.send("POST", pathOf("Pod", stage.namespace), body));
    },
  },
  {
    edge: "pods-create",
    how: "a pod that runs as an account that may read the Secret",
    rights: (stage) => [stage.here("create", "pods")],
    arrange: (stage) => reader(stage),
    attack: async (stage) => {
      const body = { metadata: { name: fresh("pod") }, spec: harmless(stage, { serviceAccountName: READER }) };
      return readAsPod(stage, await stage.send("POST", pathOf("Pod", stage.namespace), body));
    },
  },
];
