import type { Api } from "../model/api.ts";
import type { Time } from "../model/object.ts";
import { objectAt, timeAt, valueBelow } from "./json.ts";
import { survivable } from "./scope.ts";

/** Where Leases are: those of API servers and control plane are renewed every 2 to 10 s, a node's every 10 s. */
const NAMESPACES = ["kube-system", "kube-node-lease"];
/** As many as can matter: one of them was renewed last. */
const MOST_LEASES = 100;

/**
 * The clock at about a resourceVersion: the latest renewTime of the Leases as they were then, those of API servers
 * themselves first (controlplane/apiserver/server.go). Null where Leases may not be listed, or there are none.
 */
export async function dateOf(api: Api, version: number, signal: AbortSignal): Promise<Time | null> {
  for (const namespace of NAMESPACES) {
    const renewed = await renewTimes(api, namespace, String(version), signal);
    const servers = renewed.filter(({ server }) => server);
    const latest = (servers.length > 0 ? servers : renewed).map(({ at }) => at).sort();
    const last = latest.at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

async function renewTimes(
  api: Api,
  namespace: string,
  at: string,
  signal: AbortSignal,
): Promise<{ at: Time; server: boolean }[]> {
  try {
    const found: { at: Time; server: boolean }[] = [];
    const options = { namespace, at, first: MOST_LEASES, signal };
    for await (const { items } of api.list("coordination.k8s.io", "v1", "leases", options)) {
      for (const lease of items) {
        const time = timeAt(objectAt(lease, "spec"), "renewTime");
        const server = valueBelow(lease, "metadata", "labels", "apiserver.kubernetes.io/identity") === "kube-apiserver";
        // A MicroTime; whole seconds are what the other times have.
        if (time !== null) found.push({ at: time.replace(/\.\d+Z$/, "Z"), server });
      }
    }
    return found;
  } catch (error) {
    survivable(error);
    return [];
  }
}
