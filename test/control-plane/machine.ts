import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "../faults/certificate.ts";
import { must, pathOf } from "./act.ts";
import type { ClusterNetwork } from "./cluster-network.ts";
import type { ControlPlane } from "./provider.ts";
import { answerWebSocket } from "./websocket.ts";

/** A container as its kubelet and its neighbours see it. */
export interface Container {
  namespace: string;
  pod: string;
  name: string;
  /** What `printenv` prints in it, its application answers to whoever asks, and it has printed: all the same value. */
  value: string;
}

/**
 * A node whose kubelet is part of the test: it streams what the test says is in a container, and runs nothing. kwok's
 * could run commands, but on this machine and for whoever reaches its port.
 */
export interface Machine {
  node: string;
  /** Puts a container there and gives its pod an address, under which its application answers on port 8080. */
  run(container: Container): string;
  close(): Promise<void>;
}

const NODE = "rig-streams";
const KUBELET = "10.7.0.1";

/** What a container prints comes on the second channel, what a forwarded port sends on the first. */
const STDOUT = 1;
const FORWARDED = 0;

/** Adds the node to the cluster, reachable over `network`. */
export async function addMachine(plane: ControlPlane, network: ClusterNetwork): Promise<Machine> {
  const containers: Container[] = [];
  const at = (path: string) => {
    const [, , namespace, pod, name] = path.split("/");
    return containers.find((one) => one.namespace === namespace && one.pod === pod && (name ?? one.name) === one.name);
  };
  const { certificate, key } = makeCertificate({ name: NODE, hosts: [KUBELET] });
  const kubelet = createServer({ cert: certificate, key }, ({ url = "" }, response) => {
    const { pathname } = new URL(url, "https://kubelet");
    const container = pathname.startsWith("/containerLogs/") ? at(pathname) : undefined;
    response.statusCode = container === undefined ? 404 : 200;
    response.end(container?.value);
  });
  kubelet.on("upgrade", (request, socket) => {
    const { pathname } = new URL(request.url ?? "", "https://kubelet");
    const { value = "" } = at(pathname) ?? {};
    answerWebSocket(request, socket, [[pathname.startsWith("/portForward/") ? FORWARDED : STDOUT, value]]);
  });
  kubelet.listen(0, "127.0.0.1");
  await once(kubelet, "listening");
  network.route(`${KUBELET}:10250`, (kubelet.address() as AddressInfo).port);

  await must(plane, "POST", pathOf("Node", null), { metadata: { name: NODE } });
  await must(plane, "PATCH", pathOf("Node", null, NODE, "status"), {
    status: {
      addresses: [{ type: "InternalIP", address: KUBELET }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    },
  });
  const applications: ReturnType<typeof createHttpServer>[] = [];
  return {
    node: NODE,
    run(container) {
      // The newest of a name comes first.
      containers.unshift(container);
      const address = `10.7.1.${String(containers.length)}`;
      const application = createHttpServer((_, response) => response.end(container.value));
      applications.push(application);
      application.listen(0, "127.0.0.1", () => {
        network.route(`${address}:8080`, (application.address() as AddressInfo).port);
      });
      return address;
    },
    async close() {
      for (const server of [kubelet, ...applications]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
