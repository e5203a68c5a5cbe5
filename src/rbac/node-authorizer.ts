import type { Pod } from "../model/workload.ts";
import { isMirror } from "./pods.ts";
import type { ResourceRequest } from "./rules.ts";
import { NODES, type Identity } from "./subjects.ts";

/** One Secret or ServiceAccount that a node has a right to, with the pods on the node that give it the right. */
export interface NodeGrant {
  namespace: string;
  name: string;
  pods: Pod[];
}

/** What the Node authorizer gives to one node: Secrets that it may read, and ServiceAccounts whose tokens it may mint. Keys are `namespace/name`. */
export interface NodeReach {
  secrets: ReadonlyMap<string, NodeGrant>;
  accounts: ReadonlyMap<string, NodeGrant>;
}

/** The reach of every node that a pod is bound to, by the node's name. */
export type NodeIndex = ReadonlyMap<string, NodeReach>;

const USERNAME_PREFIX = "system:node:";

/**
 * What the pods give to their nodes (Graph.AddPod of plugin/pkg/auth/authorizer/node/graph.go), in time linear in pods and
 * references. A pod counts from when it is bound until its object is deleted: neither phase nor deletionTimestamp is looked at.
 * Every reference of VisitPodSecretNames (pkg/api/v1/pod/util.go) counts alike, pull and storage Secrets too.
 *
 * Not modelled, because no snapshot holds it: Secrets of PersistentVolumes behind the pod's claims, and ConfigMaps, claims
 * and volumes themselves. For Secrets the reach is thus a lower bound where a PersistentVolume names one.
 */
export function nodeReach(pods: readonly Pod[]): NodeIndex {
  const index = new Map<string, { secrets: Map<string, NodeGrant>; accounts: Map<string, NodeGrant> }>();
  for (const pod of pods) {
    const { nodeName, serviceAccountName, secretReferences } = pod.template;
    const { namespace } = pod.meta;
    if (nodeName === null || nodeName === "" || namespace === null) continue;
    // A node makes its own mirror pods, and must not give itself rights by them.
    if (isMirror(pod)) continue;
    let reach = index.get(nodeName);
    if (reach === undefined) index.set(nodeName, (reach = { secrets: new Map(), accounts: new Map() }));
    add(reach.accounts, namespace, serviceAccountName, pod);
    for (const { secret } of secretReferences) add(reach.secrets, namespace, secret, pod);
  }
  return index;
}

/** Pods come one after the other, so a pod that names a Secret twice is the last one in the list. */
function add(grants: Map<string, NodeGrant>, namespace: string, name: string, pod: Pod): void {
  if (name === "") return;
  const key = keyOf(namespace, name);
  const grant = grants.get(key);
  if (grant === undefined) grants.set(key, { namespace, name, pods: [pod] });
  else if (grant.pods.at(-1) !== pod) grant.pods.push(pod);
}

/** A namespace holds no slash, so the first one parts the two; a reference's name may hold any. */
function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The node whose rights an identity has, or null: both the user name and the group are needed, and the name is not looked at (pkg/auth/nodeidentifier/default.go). */
export function nodeBehind({ name, groups }: Identity): string | null {
  if (!name.startsWith(USERNAME_PREFIX) || !groups.includes(NODES)) return null;
  const node = name.slice(USERNAME_PREFIX.length);
  return node === "" ? null : node;
}

/**
 * Decides a request for a Secret or a ServiceAccount as the Node authorizer does (authorizeReadNamespacedObject,
 * authorizeServiceAccount and authorizeCreateToken of plugin/pkg/auth/authorizer/node/node_authorizer.go, 1.36). Requests for
 * any other resource are none of this model's business, and get false.
 */
export function nodeAllows(index: NodeIndex, identity: Identity, request: ResourceRequest): boolean {
  const node = nodeBehind(identity);
  const reach = node === null ? undefined : index.get(node);
  if (reach === undefined || request.group !== "") return false;
  const { verb, resource, subresource, namespace, name } = request;
  const key = keyOf(namespace, name);
  if (resource === "secrets") {
    // Lists and watches carry a name only where a field selector gives one; without it none is related to the node.
    return subresource === "" && (verb === "get" || verb === "list" || verb === "watch") && reach.secrets.has(key);
  }
  if (resource !== "serviceaccounts" || !reach.accounts.has(key)) return false;
  // Reading the account itself came with KubeletServiceAccountTokenForCredentialProviders, on since 1.34.
  return (verb === "create" && subresource === "token") || (verb === "get" && subresource === "");
}
