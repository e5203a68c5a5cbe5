import type { Attack } from "./attack.ts";
import { askKubelet, canaryIn, run } from "./real.ts";
import { nodeOf, type Stage } from "./stage.ts";

/** A pod with the canary written out in its spec. */
async function outspoken(stage: Stage, phase: string): Promise<void> {
  const command = phase === "Running" ? ["sleep", "10000"] : ["true"];
  const env = [{ name: "PASSWORD", value: stage.canary }];
  await run(stage, { containers: [{ name: "main", command, env }] }, { phase });
}

/** The list of the kubelet is read by a right of its own, and by the older one. */
export function listPods(edge: string, resource: string, phases: ("Running" | "Succeeded")[]): Attack[] {
  return phases.map((phase) => ({
    edge,
    elsewhere: true,
    reads: true,
    onRealNode: true,
    how: `the kubelet's list of pods, with the value written out in one that is ${phase}`,
    rights: (stage) => [stage.everywhere("get", resource, nodeOf(stage).name)],
    arrange: (stage) => outspoken(stage, phase),
    attack: async (stage) => canaryIn(stage, await askKubelet(stage, "GET", "/pods")),
  }));
}

export const attacks: Attack[] = listPods("nodes-pods-get", "nodes/pods", ["Running", "Succeeded"]);
