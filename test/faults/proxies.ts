import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";

/** A proxy on 127.0.0.1 that leads every tunnel to one port, whatever was asked for, and notes what was. */
export interface TestProxy {
  port: number;
  /** `host:port` of each tunnel, in the order in which they were opened. */
  tunnels: string[];
  /** Proxy-Authorization, or user and password of SOCKS. */
  credentials: (string | undefined)[];
  close(): void;
}

export async function startHttpProxy(targetPort: number): Promise<TestProxy> {
  const tunnels: string[] = [];
  const credentials: (string | undefined)[] = [];
  const open = new Set<Socket>();
  const server = createServer().on("connect", (request, socket: Socket) => {
    tunnels.push(request.url ?? "");
    credentials.push(request.headers["proxy-authorization"]);
    const target = connect(targetPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      join(socket, target, open);
    });
  });
  return listen(server, { tunnels, credentials }, open);
}

/** SOCKS5 (RFC 1928) without authentication. */
export async function startSocksProxy(targetPort: number): Promise<TestProxy> {
  const tunnels: string[] = [];
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request: Buffer) => {
        const named = request[3] === 3;
        const end = named ? 5 + (request[4] ?? 0) : 8;
        const host = named ? request.subarray(5, end).toString() : [...request.subarray(4, 8)].join(".");
        tunnels.push(`${host}:${request.readUInt16BE(end)}`);
        const target = connect(targetPort, "127.0.0.1", () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          join(socket, target, open);
        });
      });
    });
  });
  return listen(server, { tunnels, credentials: [] }, open);
}

function join(one: Socket, other: Socket, open: Set<Socket>): void {
  for (const socket of [one, other]) {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  }
  one.pipe(other).pipe(one);
}

async function listen(
  server: ReturnType<typeof createTcpServer>,
  notes: Pick<TestProxy, "tunnels" | "credentials">,
  open: Set<Socket>,
): Promise<TestProxy> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, ...notes, close };
}
