import type { Pod } from "../model/workload.ts";
import { ending, type Ending } from "./deletion.ts";
import { podFinished } from "./finish.ts";
import type { Owners } from "./owners.ts";

/**
 * Seconds after its Node object within which a pod is gone: up to 20 until the collector looks, 40 in quarantine, 20 until it
 * looks again (gcCheckPeriod and quarantineTime, pkg/controller/podgc/gc_controller.go).
 */
export const ORPHANED_POD_SECONDS = 80;

/** --terminated-pod-gc-threshold of the controller-manager, when it is not set. */
export const DEFAULT_THRESHOLD = 12_500;

/** How the pod goes with its node: the node is gone, or about to be; null where nothing is known to happen. */
export function withNode(pod: Pod, owners: Owners): Ending | null {
  const node = owners.nodeOf(pod);
  if (node.state === "gone") {
    const at = owners.takenAt + ORPHANED_POD_SECONDS * 1000;
    const within = `within ${String(ORPHANED_POD_SECONDS)} s of that`;
    return ending("pod-gc", at, `its node ${node.name} is gone: the pod garbage collector removes it ${within}`);
  }
  if (node.state !== "leaving") return null;
  return ending("pod-gc", null, `its node ${node.name} is leaving (${node.because}), and takes it along`);
}

/** What may still take a pod and cannot be dated; empty where nothing may. */
export function mayTake(pod: Pod, owners: Owners): string {
  const node = owners.nodeOf(pod);
  const remarks: string[] = [];
  if (node.state === "silent")
    remarks.push(`its node ${node.name} does not answer (${node.because}): it is evicted after 5 minutes by default`);
  if (podFinished(pod)) {
    if (node.state === "unseen") remarks.push(`whether its node is still there is not seen: ${node.because}`);
    const of = `finished pods seen: ${grouped(owners.finishedPods)} of ${grouped(DEFAULT_THRESHOLD)}`;
    remarks.push(`the pod garbage collector may take it at its threshold (${of}, the default; not visible)`);
  }
  return remarks.map((remark) => `; ${remark}`).join("");
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/gu, ",");
}
