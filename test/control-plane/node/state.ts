import { mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { ProcessIdentity } from "../identify.ts";

/** The real node's name, for spec.nodeName. */
export const realNodeName = "rig-real";

/**
 * What a plane's node does to the machine outside of the plane's directory: written there before it does so, and read by
 * whoever cleans up, this process or the next.
 */
export interface NodeRecord {
  /** Controllers that were not yet handed to the children of the machine's root cgroup (cgroup v2). */
  enabledControllers: string[];
  /** The third number of the pods' addresses, 198.18.N.0/24: no two nodes of a machine share one. */
  network: number;
  /** Port of the kubelet on loopback. */
  port: number;
  /** The first process of the node's PID namespace, in whose mount namespace its disks are; null until it started. */
  init: ProcessIdentity | null;
  /** True once the node takes pods. */
  ready: boolean;
}

/** Where a node keeps everything, inside the plane's directory; `run` and `var` are its /run and /var. */
export function nodeFolder(directory: string): string {
  return join(directory, "node");
}

/** The cgroup, below the root of every hierarchy, that holds every process of the node. */
export function cgroupOf(directory: string): string {
  return basename(directory);
}

const recordFile = (directory: string) => join(directory, "node.json");

/** The record of the node of the plane in `directory`, or null where it has none. */
export function readRecord(directory: string): NodeRecord | null {
  try {
    return JSON.parse(readFileSync(recordFile(directory), "utf8")) as NodeRecord;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

/** In one step, so that a crash leaves the record before or the record after. */
export function writeRecord(directory: string, record: NodeRecord): void {
  const file = recordFile(directory);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

/** The networks that the nodes of this machine's other planes have in their records. */
function networksOfOthers(directory: string): Set<number> {
  const parent = realpathSync(tmpdir());
  const others = readdirSync(parent).filter((name) => name.startsWith("cronaudit-plane-"));
  const taken = new Set<number>();
  for (const name of others) {
    if (name === basename(directory)) continue;
    const record = readRecord(join(parent, name));
    if (record !== null) taken.add(record.network);
  }
  return taken;
}

/** Writes the first record of a plane's node, with names that no other node of this machine has. */
export function newRecord(directory: string, port: number): NodeRecord {
  mkdirSync(nodeFolder(directory));
  for (;;) {
    const network = 1 + Math.floor(Math.random() * 254);
    const record = { enabledControllers: [], network, port, init: null, ready: false };
    writeRecord(directory, record);
    // Looked at after the writing: of two that chose the same at once, both see it and choose again.
    if (!networksOfOthers(directory).has(network)) return record;
  }
}

/** The subnet of the node's pods. */
export function podSubnet({ network }: NodeRecord): { cidr: string; gateway: string } {
  return { cidr: `198.18.${String(network)}.0/24`, gateway: `198.18.${String(network)}.1` };
}
