import { clusterUid, optional } from "../../evidence/scope.ts";
import type { Explorer, Json } from "../../model/api.ts";

/** The cluster that a lab is about to write to, as a person is shown it. */
export interface ClusterFacts {
  server: string;
  context: string;
  /** As the kubeconfig calls it; empty where that name may mean another server, so that the uid alone is the cluster's. */
  clusterName: string;
  /** Of the namespace kube-system; null where it may not be read. */
  uid: string | null;
  /** Null where nodes may not be listed. */
  nodes: number | null;
  version: string | null;
}

/** Looks at the cluster. Throws ApiError where nothing can be asked. */
export async function clusterFacts(api: Explorer, context: string): Promise<ClusterFacts> {
  const { server, clusterName } = api;
  const [uid, nodes, version] = await Promise.all([clusterUid(api), optional(countNodes(api)), api.version()]);
  return { server, context, clusterName, uid, nodes, version };
}

async function countNodes(api: Explorer): Promise<number> {
  let nodes: Json[] = [];
  for await (const page of api.list("", "v1", "nodes", { namespace: null, as: "metadata" }))
    nodes = [...(page.restarted ? [] : nodes), ...page.items];
  return nodes.length;
}

/** True where what was typed, or given by flag, is this cluster: its uid, or its name in the kubeconfig where that is sure. */
export function isThisCluster(text: string, { uid, clusterName }: ClusterFacts): boolean {
  return text !== "" && (text === uid || text === clusterName);
}
