import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { clearPods, container, environmentOf, FOREVER, harmless } from "./kubelet.ts";
import type { Stage } from "./stage.ts";

const VICTIM = "victim";

/**
 * A pod that never named the Secret, running or completed. On a busy machine kwok was seen to miss one that is made right
 * after another of its name has gone, and never to look at it again: it is made anew then.
 */
async function arrange(stage: Stage, phase: string, tries = 3): Promise<void> {
  const { plane, namespace } = stage;
  await clearPods(stage);
  const metadata = { name: VICTIM, annotations: phase === "Running" ? FOREVER : {} };
  const spec = harmless(stage, { restartPolicy: "Never" });
  await must(plane, "POST", pathOf("Pod", namespace), { metadata, spec });
  const isThere = waitFor(`the pod to be ${phase}`, async (note) => {
    const seen = String((await find(plane, "Pod", namespace, VICTIM))?.["status"].phase);
    note(seen);
    return seen === phase;
  });
  await (tries > 1 ? isThere.catch(() => arrange(stage, phase, tries - 1)) : isThere);
}

async function add(stage: Stage, verb: string): Promise<string> {
  const path = pathOf("Pod", stage.namespace, VICTIM, "ephemeralcontainers");
  const ephemeralContainers = [container("debugger")];
  const patch = { contentType: "application/strategic-merge-patch+json" };
  const pod =
    verb === "patch"
      ? await stage.send("PATCH", path, { spec: { ephemeralContainers } }, patch)
      : // Of the pod that is sent, only this is looked at (ephemeralContainersStrategy).
        await stage.send("PUT", path, { metadata: { name: VICTIM }, spec: { containers: [], ephemeralContainers } });
  return environmentOf(stage, pod);
}

export const attacks: Attack[] = ["Running", "Succeeded"].flatMap((phase) =>
  ["patch", "update"].map((verb) => ({
    edge: "pods-ephemeralcontainers",
    how: `${verb}: a container with the Secret in its environment, put into a pod that is ${phase}`,
    rights: (stage) => [stage.here(verb, "pods/ephemeralcontainers", VICTIM)],
    arrange: (stage) => arrange(stage, phase),
    attack: (stage) => add(stage, verb),
    ...(phase === "Succeeded"
      ? { unnamed: "nothing starts in it: the node gets the Secret, and not the attacker" }
      : {}),
  })),
);
