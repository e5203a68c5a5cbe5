import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { openWebSocket } from "../../control-plane/websocket.ts";
import { Forbidden } from "./attack.ts";
import { container, harmless } from "./kubelet.ts";
import { canaryPath, reader, valueIn, type Stage } from "./stage.ts";

/** A pod of somebody else's with the canary in its environment, on the node that can be reached into. */
export const VICTIM = "victim";

/** Puts the pod there, and into its container what the node, as itself, is given for it. */
export async function runVictim(stage: Stage, phase: "Running" | "Succeeded" = "Running"): Promise<void> {
  const { plane, machine, namespace } = stage;
  if ((await find(plane, "Pod", namespace, VICTIM)) !== null) return;
  await createVictim(stage, { containers: [{ ...container(), ports: [{ containerPort: 8080 }] }] });
  const value = await waitFor("the node to be given the Secret", async (note) => {
    const { status, body } = await plane.request("GET", canaryPath(stage), undefined, asNode(machine.node));
    note(String(status));
    return status === 200 ? valueIn(body) : null;
  });
  await start(stage, value, phase);
}

/** Puts the pod there without the canary but running as this account, and its token into its container. */
export async function runWithToken(stage: Stage, account: string): Promise<void> {
  const { plane, machine, namespace } = stage;
  await reader(stage);
  await plane.request("DELETE", `${pathOf("Pod", namespace, VICTIM)}?gracePeriodSeconds=0`);
  const { metadata } = await createVictim(stage, { ...harmless(stage), serviceAccountName: account });
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: VICTIM, uid: metadata.uid };
  const path = pathOf("ServiceAccount", namespace, account, "token");
  const value = await waitFor("the node to be given the token", async (note) => {
    const { status, body } = await plane.request("POST", path, { spec: { boundObjectRef } }, asNode(machine.node));
    note(String(status));
    return status === 201 ? (body.status.token as string) : null;
  });
  await start(stage, value, "Running");
}

function asNode(node: string) {
  return { headers: { "impersonate-user": `system:node:${node}`, "impersonate-group": "system:nodes" } };
}

async function createVictim({ plane, machine, namespace }: Stage, spec: Stored): Promise<Stored> {
  const metadata = { namespace, name: VICTIM, labels: { app: VICTIM } };
  const body = { metadata, spec: { ...spec, nodeName: machine.node, restartPolicy: "Never" } };
  return must(plane, "POST", pathOf("Pod", namespace), body);
}

async function start({ plane, machine, namespace }: Stage, value: string, phase: string): Promise<void> {
  const podIP = machine.run({ namespace, pod: VICTIM, name: "main", value });
  const status = { phase, podIP, podIPs: [{ ip: podIP }] };
  await must(plane, "PATCH", pathOf("Pod", namespace, VICTIM, "status"), { status });
}

/** Opens a stream as the attacker, and returns what came on one of its channels. */
export async function stream(stage: Stage, method: string, path: string, channel = 1): Promise<string> {
  const { status, channels } = await openWebSocket(stage.plane, method, path, stage.attacker.token);
  if (status === 403) throw new Forbidden(`${method} ${path}`);
  if (status !== 101) throw new Error(`${method} ${path}: ${String(status)}`);
  return channels.get(channel) ?? "nothing came";
}

/** What is asked of a container's kubelet, by subresource of the pod. */
export const STREAMS = {
  exec: { query: "container=main&command=printenv&command=PASSWORD&stdout=true", channel: 1 },
  attach: { query: "container=main&stdout=true", channel: 1 },
  portforward: { query: "ports=8080", channel: 0 },
} as const;

/** Opens the stream of a subresource of the victim. */
export function streamOf(stage: Stage, method: string, subresource: keyof typeof STREAMS): Promise<string> {
  const { query, channel } = STREAMS[subresource];
  return stream(stage, method, `${pathOf("Pod", stage.namespace, VICTIM, subresource)}?${query}`, channel);
}
