import { createServer } from "node:net";

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A free loopback port for each name, picked at random below the range that systems use for outgoing connections;
 * another process may still take one first, so whoever starts a server on it must be ready to try again.
 */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < names.length; tries++) {
    if (tries > 1000) throw new Error("found no free ports on 127.0.0.1 between 20000 and 32000");
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  const found = [...ports];
  return Object.fromEntries(names.map((name, index) => [name, found[index]])) as Record<Name, number>;
}
