import { request } from "node:https";
import { text } from "node:stream/consumers";
import { actAs, find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { openWebSocket } from "../../control-plane/websocket.ts";
import { Forbidden } from "./attack.ts";
import { container } from "./kubelet.ts";
import { nodeOf, type Stage } from "./stage.ts";

/** A pod of somebody else's on the real node. */
export const VICTIM = "victim";

/** Runs a pod on the real node, anew where one of its name is there, and waits for its phase. */
export async function run(
  stage: Stage,
  spec: Stored,
  { name = VICTIM, namespace = stage.namespace, phase = "Running" } = {},
): Promise<Stored> {
  const { plane } = stage;
  const path = pathOf("Pod", namespace, name);
  await plane.request("DELETE", path);
  await waitFor(`the earlier pod ${name} to go`, async () => (await plane.request("GET", path)).status === 404);
  await must(plane, "POST", pathOf("Pod", namespace), { metadata: { name }, spec: nodeOf(stage).spec(spec) });
  return waitFor(
    `pod ${name} to be ${phase}`,
    async (note) => {
      const pod = await find(plane, "Pod", namespace, name);
      const [status] = pod?.["status"].containerStatuses ?? [];
      note(`${String(pod?.["status"].phase)} ${String(status?.state.waiting?.reason)}`);
      return pod?.["status"].phase === phase && pod;
    },
    { seconds: 60 },
  );
}

/** A container on the real node that has the canary in its environment and runs this in a shell. */
export function shell(script: string, more: Stored = {}): Stored {
  const { env } = container();
  return { name: "main", command: ["sh", "-c", script], env, ...more };
}

/**
 * Where the real node's kubelet listens, and a token of the attacker's that it does not know yet: it goes on for five minutes
 * with what it was told of one.
 */
async function kubeletOf(stage: Stage): Promise<{ server: string; token: string }> {
  const { status } = await must(stage.plane, "GET", pathOf("Node", null, nodeOf(stage).name));
  const { token } = await actAs(stage.plane, stage.namespace, stage.account);
  return { server: `https://127.0.0.1:${String(status.daemonEndpoints.kubeletEndpoint.Port)}`, token };
}

/** Runs a command in the victim by a websocket to the real kubelet itself, and returns its output. Throws Forbidden on 403. */
export async function execAtKubelet(stage: Stage, query: string): Promise<string> {
  const { server, token } = await kubeletOf(stage);
  const path = `/exec/${stage.namespace}/${VICTIM}/main?${query}`;
  const { status, channels } = await openWebSocket({ server, caFile: null }, "GET", path, token);
  if (status === 403) throw new Forbidden(`GET ${path}`);
  return channels.get(1) ?? "nothing came";
}

/** Sends a request with a token of the attacker's, who does not mind who made the certificate: the kubelet made its own. */
async function send(
  server: string,
  token: string,
  method: string,
  path: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const options = { method, headers, rejectUnauthorized: false, agent: false, timeout: 60_000 };
    const asked = request(new URL(path, server), options);
    asked.once("timeout", () => asked.destroy(new Error(`${method} ${path}: no answer in 60 s`)));
    asked.once("error", reject).once("response", (response) => {
      text(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, text: body });
      }, reject);
    });
    asked.end();
  });
}

/** Asks the real kubelet itself, at its port, and returns what it said. Throws Forbidden on 403. */
export async function askKubelet(stage: Stage, method: string, path: string): Promise<string> {
  const { server, token } = await kubeletOf(stage);
  return textOf(await send(server, token, method, path), `${method} ${path}`);
}

/** Asks it through the API server, and takes the answer as text: the kubelet calls JSON what is none. */
export async function askThroughApiServer(stage: Stage, method: string, path: string): Promise<string> {
  const { plane, attacker } = stage;
  const proxied = `/api/v1/nodes/${nodeOf(stage).name}/proxy${path}`;
  return textOf(await send(plane.server, attacker.token, method, proxied), `${method} ${proxied}`);
}

function textOf({ status, text }: { status: number; text: string }, asked: string): string {
  if (status === 403) throw new Forbidden(asked);
  // What is said of a failure may quote what was to be run.
  if (status >= 300) throw new Error(`${asked}: ${String(status)}`);
  return text;
}

/** Asks it again and again with one token of the attacker's, for the status alone. */
export async function newSession(stage: Stage): Promise<(method: string, path: string) => Promise<number>> {
  const { server, token } = await kubeletOf(stage);
  return async (method, path) => (await send(server, token, method, path)).status;
}

/** The canary where it is somewhere in the text: only that it is there matters. */
export function canaryIn({ canary }: Stage, text: string): string {
  return text.includes(canary) ? canary : "not there";
}
