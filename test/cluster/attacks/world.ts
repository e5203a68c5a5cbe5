import { openClusterNetwork } from "../../control-plane/cluster-network.ts";
import { addMachine, type Machine } from "../../control-plane/machine.ts";
import { startPlane } from "../../control-plane/plane.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** A control plane of its own, and a node on it whose containers can be reached into. */
export interface World {
  plane: ControlPlane;
  machine: Machine;
  close(): Promise<void>;
}

/** Starts one, with these arguments of the API server; about five seconds. */
export async function openWorld(apiserver: string[] = []): Promise<World> {
  const network = await openClusterNetwork();
  try {
    const plane = await startPlane({ apiserver: [network.argument, ...apiserver] });
    const machine = await addMachine(plane, network);
    const close = async () => {
      await plane.stop();
      await machine.close();
      await network.close();
    };
    return { plane, machine, close };
  } catch (error) {
    await network.close();
    throw error;
  }
}
