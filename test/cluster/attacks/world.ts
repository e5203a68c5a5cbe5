import { must, pathOf } from "../../control-plane/act.ts";
import { openClusterNetwork, type ClusterNetwork } from "../../control-plane/cluster-network.ts";
import { addMachine, type Machine } from "../../control-plane/machine.ts";
import type { RealNode } from "../../control-plane/node/node.ts";
import { realNodeOf } from "../../control-plane/node/start.ts";
import { startPlane } from "../../control-plane/plane.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** A control plane of its own, and a node on it whose containers can be reached into. */
export interface World {
  plane: ControlPlane;
  machine: Machine;
  /** Where containers really run; null where none was asked for. */
  node: RealNode | null;
  close(): Promise<void>;
}

/** The real node's address in the cluster's network: the API server proxies to no loopback address. */
const ADDRESS = "10.7.0.2";

/** Starts one, with these arguments of the API server; about five seconds, and ten with a real node. */
export async function openWorld(apiserver: string[] = [], { real = false } = {}): Promise<World> {
  const network = await openClusterNetwork();
  const opened: { stop(): Promise<void> }[] = [{ stop: () => network.close() }];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.stop();
  };
  try {
    // Added to those that every plane has: claims of a real pod have to be bound.
    const controllers = real ? ["--controllers=persistentvolume-binder-controller"] : [];
    const plane = await startPlane({ apiserver: [network.argument, ...apiserver], controllers });
    opened.push(plane);
    const machine = await addMachine(plane, network);
    opened.push({ stop: () => machine.close() });
    return { plane, machine, node: real ? await addRealNode(plane, network) : null, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addRealNode(plane: ControlPlane, network: ClusterNetwork): Promise<RealNode> {
  const node = await realNodeOf(plane);
  const path = pathOf("Node", null, node.name);
  const { status } = await must(plane, "GET", path);
  const port: number = status.daemonEndpoints.kubeletEndpoint.Port;
  network.route(`${ADDRESS}:${String(port)}`, port);
  await must(plane, "PATCH", `${path}/status`, { status: { addresses: [{ type: "InternalIP", address: ADDRESS }] } });
  return node;
}
