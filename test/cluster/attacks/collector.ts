import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { podSubnet, readRecord } from "../../control-plane/node/state.ts";
import type { Stage } from "./stage.ts";

/** A server of the attacker's, to which its pods send what they found: creating a pod gives nobody a way to read from it. */
export interface Collector {
  /** What a container's shell sends its standard output through. */
  send: string;
  /** The lines that came first; throws after a minute. */
  lines(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens one on the address that the real node has towards its pods, which is there as long as any pod is. */
export async function openCollector({ plane }: Stage): Promise<Collector> {
  const record = readRecord(plane.directory);
  if (record === null) throw new Error("the plane has no real node");
  const { gateway } = podSubnet(record);
  const heard = Promise.withResolvers<string[]>();
  // Nobody waits where the pod was refused.
  heard.promise.catch(() => {});
  const server = createServer((socket) => {
    text(socket).then((all) => heard.resolve(all.split("\n")), heard.reject);
  });
  server.listen(0, gateway);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const impatient = setTimeout(() => heard.reject(new Error("the attacker's pod sent nothing in 60 s")), 60_000);
  return {
    send: `nc ${gateway} ${String(port)}`,
    lines: () => heard.promise,
    close: async () => {
      clearTimeout(impatient);
      server.close();
      await once(server, "close");
    },
  };
}
