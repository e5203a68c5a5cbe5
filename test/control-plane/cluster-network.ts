import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { stringify } from "yaml";

/**
 * The network from the API server to nodes, pods and services. It refuses to proxy to loopback addresses, and everything
 * here listens on loopback: so it is told to reach its cluster through a proxy (egress selector), which knows addresses.
 */
export interface ClusterNetwork {
  /** For the API server; the network has to be there before it. */
  argument: string;
  /** Gives what listens on a port of loopback an address of the cluster, such as `10.7.0.1:10250`. */
  route(address: string, port: number): void;
  close(): Promise<void>;
}

/** Opens a network without addresses; what asks for loopback itself gets there. */
export async function openClusterNetwork(): Promise<ClusterNetwork> {
  const directory = mkdtempSync(join(tmpdir(), "cronaudit-network-"));
  const socketPath = join(directory, "connect.sock");
  const config = join(directory, "egress.yaml");
  const transport = { uds: { udsName: socketPath } };
  const cluster = { name: "cluster", connection: { proxyProtocol: "HTTPConnect", transport } };
  const apiVersion = "apiserver.k8s.io/v1beta1";
  writeFileSync(config, stringify({ apiVersion, kind: "EgressSelectorConfiguration", egressSelections: [cluster] }));

  const routes = new Map<string, number>();
  const open = new Set<Socket | Duplex>();
  const keep = (socket: Socket | Duplex) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
  };
  const server = createServer();
  server.on("connect", (request: IncomingMessage, client: Duplex) => {
    const asked = request.url ?? "";
    const port = asked.startsWith("127.0.0.1:") ? Number(asked.slice("127.0.0.1:".length)) : routes.get(asked);
    keep(client);
    if (port === undefined) return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    keep(upstream);
    upstream.once("close", () => client.destroy());
    client.once("close", () => upstream.destroy());
  });
  server.listen(socketPath);
  await once(server, "listening");
  return {
    argument: `--egress-selector-config-file=${config}`,
    route: (address, port) => void routes.set(address, port),
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
