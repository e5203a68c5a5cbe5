import { randomBytes } from "node:crypto";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { actAs, allow, find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { RealNode } from "../../control-plane/node/node.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import { partsIn, type Carrying, type Part } from "./carriers.ts";

/** Where a kubelet keeps a value of a pod for whoever asks: in the object, or in what the container printed. */
export type Kept = Part | "printed";

/** One right, and what came back from one of the kubelet's paths to an account that holds nothing else. */
export interface Asked {
  /** `get nodes/pods`. */
  right: string;
  /** As `/pods`, without what names the pod. */
  path: string;
  /** `finished pod`. */
  carrier: string;
  status: number;
  kept: Kept[];
}

/** The subresources that a kubelet asks for, and the node itself (pkg/kubelet/server/auth.go). */
const SUBRESOURCES = ["", "pods", "proxy", "log", "stats", "metrics", "spec", "configz", "healthz", "checkpoint"];
const VERBS = { get: "GET", create: "POST" } as const;

interface Carrier extends Carrying {
  title: string;
  printed: string;
  /** The folder of its logs. */
  folder: string;
}

/** The paths by which something of a pod may come back; what runs in a container is none of the object. */
const PATHS: Record<string, (carrier: Carrier, namespace: string) => string> = {
  "/pods": () => "/pods",
  "/runningpods/": () => "/runningpods/",
  "/containerLogs": ({ name }, namespace) => `/containerLogs/${namespace}/${name}/main`,
  "/logs": ({ folder }) => `/logs/pods/${folder}/main/0.log`,
  "/stats/summary": () => "/stats/summary",
  "/metrics": () => "/metrics",
  "/metrics/cadvisor": () => "/metrics/cadvisor",
  "/metrics/resource": () => "/metrics/resource",
  "/configz": () => "/configz",
  "/healthz": () => "/healthz",
};

/** Makes a pod on the real node, with a value in each place, and waits for its state. */
async function make(plane: ControlPlane, node: RealNode, namespace: string, title: string): Promise<Carrier> {
  const random = () => randomBytes(12).toString("hex");
  const ends = title === "finished pod";
  const name = title.replace(" ", "-");
  const [value, annotation, message, printed] = [random(), random(), ends ? random() : "", random()];
  // Its arguments are the object's as well: what it prints and leaves comes from elsewhere.
  const data = { printed, message };
  await must(plane, "POST", pathOf("Secret", namespace), { metadata: { name }, stringData: data });
  const env = [
    { name: "PASSWORD", value },
    ...Object.keys(data).map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } })),
  ];
  const script = `echo $printed; printf %s "$message" >/dev/termination-log${ends ? "" : "; sleep 10000"}`;
  const spec = node.spec({ containers: [{ name: "main", command: ["sh", "-c", script], env }] });
  const metadata = { name, annotations: { note: annotation } };
  const { metadata: made } = await must(plane, "POST", pathOf("Pod", namespace), { metadata, spec });
  await waitFor(`the ${title}`, async (note) => {
    const { status } = (await find(plane, "Pod", namespace, name))!;
    note(String(status.phase));
    return status.phase === (ends ? "Succeeded" : "Running");
  });
  return { title, name, value, annotation, message, printed, folder: `${namespace}_${name}_${String(made.uid)}` };
}

/** The token of an account with one right, which the authorizer grants already: a kubelet keeps a refusal for half a minute. */
async function holder(plane: ControlPlane, namespace: string, verb: string, subresource: string): Promise<string> {
  const name = `only-${verb}-nodes${subresource === "" ? "" : `-${subresource}`}`;
  const actor = await actAs(plane, namespace, name);
  const resource = subresource === "" ? "nodes" : `nodes/${subresource}`;
  const subjects = [{ kind: "ServiceAccount" as const, namespace, name }];
  await allow(plane, { name: `${namespace}-${name}`, namespace: null, subjects, verbs: [verb], resources: [resource] });
  const spec = { resourceAttributes: { verb, resource: "nodes", subresource, name: "any" } };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  await waitFor(`the authorizer to grant ${verb} ${resource}`, async () => {
    return (await actor.request("POST", path, { spec })).body.status?.allowed === true;
  });
  return actor.token;
}

async function ask(
  port: number,
  method: string,
  path: string,
  token: string,
): Promise<{ status: number; body: string }> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: "127.0.0.1", port, method, path, headers, agent: false, timeout: 60_000 },
      // It made its certificate itself.
      rejectUnauthorized: false,
    });
    asked.once("timeout", () => asked.destroy(new Error(`${method} ${path}: no answer`)));
    asked.once("error", reject).once("response", (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
}

/** Asks the real kubelet, at its own port, every path as accounts that hold one right each. */
export async function askKubelet(plane: ControlPlane, node: RealNode, namespace: string): Promise<Asked[]> {
  const carriers: Carrier[] = [];
  for (const title of ["running pod", "finished pod"]) carriers.push(await make(plane, node, namespace, title));
  const { status } = (await find(plane, "Node", null, node.name)) as Stored;
  const port: number = status.daemonEndpoints.kubeletEndpoint.Port;
  const all: Asked[] = [];
  for (const [verb, method] of Object.entries(VERBS)) {
    for (const subresource of SUBRESOURCES) {
      const token = await holder(plane, namespace, verb, subresource);
      const right = `${verb} nodes${subresource === "" ? "" : `/${subresource}`}`;
      for (const [path, of] of Object.entries(PATHS)) {
        for (const carrier of carriers) {
          const answer = await ask(port, method, of(carrier, namespace), token);
          const kept: Kept[] = [...partsIn(answer.body, carrier)];
          if (answer.body.includes(carrier.printed)) kept.push("printed");
          all.push({ right, path, carrier: carrier.title, status: answer.status, kept });
        }
      }
    }
  }
  return all;
}

/** What came back, by right and path, as text. */
export function kubeletTable(asked: readonly Asked[]): string {
  const rights = [...Map.groupBy(asked, ({ right }) => right)];
  const reading = rights.filter(([, all]) => all.some(({ kept }) => kept.length > 0));
  const others = rights.filter(([, all]) => all.every(({ kept }) => kept.length === 0)).map(([right]) => right);
  const lines = (all: readonly Asked[]) =>
    all
      .filter(({ kept }) => kept.length > 0)
      .map(({ path, carrier, kept }) => `  ${path} of a ${carrier}: ${kept.join(", ")}`);
  return [
    "What an account reads from a kubelet, at its own port, that holds one verb on one subresource of nodes, and nothing else.",
    "A pod holds a value in its spec and in an annotation; it has printed one; a finished one holds one in a container's message.",
    "",
    ...reading.flatMap(([right, all]) => [right, ...lines(all), ""]),
    `Nothing comes back to: ${others.join(", ")}`,
    "",
  ].join("\n");
}
