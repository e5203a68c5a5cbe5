import type { Reach, SubjectRef } from "../model/report.ts";
import type { Pod, SecretUse } from "../model/workload.ts";
import { unite } from "./scopes.ts";

/** Uses by which a Secret's content stands in a container; pull Secrets and those of storage stay with the kubelet. */
const IN_CONTAINERS: ReadonlySet<SecretUse> = new Set(["env", "envFrom", "volume", "projected", "csi"]);

/** A pod whose containers can be entered. */
export function isRunning({ phase, containers }: Pod): boolean {
  return phase === "Running" || containers.some(({ state }) => state === "running");
}

/** The Secrets whose content stands in the containers of these pods. */
export function secretsInside(pods: readonly Pod[]): Reach {
  const secrets: Reach["secrets"] = [];
  for (const { meta, template } of pods) {
    const namespace = meta.namespace ?? "";
    for (const { use, secret } of template.secretReferences) {
      if (IN_CONTAINERS.has(use)) secrets.push({ namespace, name: secret });
    }
  }
  return unite([{ cluster: false, namespaces: [], secrets }]);
}

/**
 * The ServiceAccount whose token for the API server a pod's containers hold, or null. An object from a server shows the
 * token's volume; in a manifest automount decides, and admission has not yet added it.
 */
export function accountInside(
  { meta, template }: Pod,
  automount: (namespace: string, name: string) => boolean,
): SubjectRef | null {
  const account: SubjectRef = {
    kind: "ServiceAccount",
    namespace: meta.namespace ?? "",
    name: template.serviceAccountName === "" ? "default" : template.serviceAccountName,
  };
  if (template.tokens.some(({ audience }) => audience === null)) return account;
  if (meta.resourceVersion !== "" || meta.creationTimestamp !== null) return null;
  return (template.automountServiceAccountToken ?? automount(meta.namespace ?? "", account.name)) ? account : null;
}

/** A controller that pods name as theirs, by its resource. */
export interface PodOwner {
  namespace: string;
  resource: string;
  name: string;
}

/** Resource names of the kinds that own pods and whose template can be changed; elsewhere a kind of the name is another one. */
const OWNERS: ReadonlyMap<string, string> = new Map([
  ["apps/v1 ReplicaSet", "replicasets"],
  ["apps/v1 DaemonSet", "daemonsets"],
  ["apps/v1 StatefulSet", "statefulsets"],
  ["v1 ReplicationController", "replicationcontrollers"],
]);

const HASH_LABEL = "pod-template-hash";

/**
 * The controllers that pods name as theirs. A Deployment is no pod's owner: its name is that of the ReplicaSet without the
 * hash that the pod carries as a label (pkg/controller/deployment/sync.go).
 */
export function podOwners(pods: readonly Pod[]): PodOwner[] {
  const found = new Map<string, PodOwner>();
  for (const { meta } of pods) {
    const owner = meta.ownerReferences.find(({ controller }) => controller);
    const resource = owner === undefined ? undefined : OWNERS.get(`${owner.apiVersion} ${owner.kind}`);
    if (owner === undefined || resource === undefined) continue;
    const namespace = meta.namespace ?? "";
    const hash = `-${meta.labels[HASH_LABEL] ?? ""}`;
    const names = [{ namespace, resource, name: owner.name }];
    if (owner.kind === "ReplicaSet" && hash !== "-" && owner.name.endsWith(hash)) {
      names.push({ namespace, resource: "deployments", name: owner.name.slice(0, -hash.length) });
    }
    for (const one of names) found.set(JSON.stringify(one), one);
  }
  return [...found.values()];
}

/** On a pod that stands for one the kubelet was given by file: it runs what the file says, whatever the object says. */
const MIRROR = "kubernetes.io/config.mirror";

/** True for a pod that the API server only mirrors, and whose containers its object does not decide. */
export function isMirror({ meta }: Pod): boolean {
  return Object.hasOwn(meta.annotations, MIRROR);
}
