import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { ACCEPTED, type Attack } from "./attack.ts";
import { clearPods, container, FOREVER, IMAGE, podSpec } from "./kubelet.ts";

const VICTIM = "victim";

export const attacks: Attack[] = [
  {
    edge: "pods-patch",
    how: "its own image in a container that has the Secret",
    accepted: true,
    rights: (stage) => [stage.here("patch", "pods", VICTIM)],
    arrange: async (stage) => {
      const { plane, namespace } = stage;
      await clearPods(stage);
      const containers = [{ ...container(), image: "registry.example.com/app:1" }];
      const body = { metadata: { name: VICTIM, annotations: FOREVER }, spec: podSpec(stage, { containers }) };
      await must(plane, "POST", pathOf("Pod", namespace), body);
      await waitFor("the pod to run", async () => {
        return (await find(plane, "Pod", namespace, VICTIM))?.["status"].phase === "Running";
      });
    },
    attack: async (stage) => {
      const contentType = "application/strategic-merge-patch+json";
      const body = { spec: { containers: [{ name: "main", image: IMAGE }] } };
      const pod = await stage.send("PATCH", pathOf("Pod", stage.namespace, VICTIM), body, { contentType });
      return pod["spec"].containers[0].image === IMAGE ? ACCEPTED : "another image";
    },
  },
];
