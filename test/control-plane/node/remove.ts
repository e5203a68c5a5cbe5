import { networkInterfaces } from "node:os";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeCgroup } from "./cgroups.ts";
import { cgroupOf, podSubnet, readRecord } from "./state.ts";

/**
 * Ends the real node of the plane in `directory`, if it has one, as far as it goes beyond that directory: its processes,
 * their cgroups, and with the processes their namespaces, mounts and network interfaces. May be called again at any time.
 * Whoever is starting it at this moment gets no further: call it again once the directory is gone.
 */
export async function removeNode(directory: string): Promise<void> {
  if (process.platform !== "linux") return;
  const record = readRecord(directory);
  await removeCgroup(cgroupOf(directory), record?.enabledControllers ?? []);
  if (record === null) return;
  // The kernel takes the interfaces down with the network namespaces, a moment later.
  const { gateway } = podSubnet(record);
  const left = () => Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === gateway));
  for (let tries = 0; left(); tries++) {
    if (tries === 400) throw new Error(`network interfaces of the real node with address ${gateway} do not go`);
    await sleep(25);
  }
  rmSync(join(directory, "node.json"), { force: true });
}
