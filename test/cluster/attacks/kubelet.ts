/**
 * kwok runs nothing, so here is what a kubelet does before it starts a container, done with the node's own identity: it gets
 * the Secrets that the pod names, and asks for tokens of the pod's ServiceAccount. The Node authorizer refuses both for
 * what no pod of the node names; that they are given to it for the pod that the attacker made is the proof.
 */
import { list, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { Stored } from "../../control-plane/story.ts";
import { canaryPath, getUntilAllowed, getWith, SECRET, type Stage } from "./stage.ts";

/** Any image will do. */
export const IMAGE = "registry.example.com/attacker:1";

function nodeToken({ plane }: Stage): string {
  if (plane.users === null) throw new Error("this cluster has no token of a node");
  return plane.users.node;
}

/** A container that has the canary in its environment. */
export function container(name = "main"): Stored {
  const secretKeyRef = { name: SECRET, key: "password" };
  return { name, image: IMAGE, env: [{ name: "PASSWORD", valueFrom: { secretKeyRef } }] };
}

/** The spec of a pod on the fake node, with the canary unless `spec` says otherwise. */
export function podSpec({ plane }: Stage, spec: Stored = {}): Stored {
  return { nodeName: plane.node, containers: [container()], ...spec };
}

/** A pod spec that holds nothing: what a victim's controller runs before it is attacked. */
export function harmless(stage: Stage, spec: Stored = {}): Stored {
  return podSpec(stage, { containers: [{ name: "main", image: "registry.example.com/app:1" }], ...spec });
}

/** Keeps a pod running until it is deleted. */
export const FOREVER = { [podAnnotations.runFor]: "forever" };

/** Waits for a pod with this label, whoever made it, that `fits`. */
export async function podLabelled(stage: Stage, label: string, fits: (pod: Stored) => boolean): Promise<Stored> {
  return waitFor(`a pod with ${label}`, async (note) => {
    const pods = await list(stage.plane, "Pod", stage.namespace, label);
    note(`${String(pods.length)} pods`);
    return pods.find(fits) ?? null;
  });
}

/** True for a pod with a container, of whatever sort, that has the canary in its environment. */
export function namesCanary({ spec }: Stored): boolean {
  const containers: Stored[] = [
    ...spec.containers,
    ...(spec.initContainers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  return containers.some((one) =>
    one["env"]?.some((variable: Stored) => variable["valueFrom"]?.secretKeyRef?.name === SECRET),
  );
}

/** Whether the node may get the canary now. */
export async function nodeMayGet(stage: Stage): Promise<boolean> {
  return (await stage.plane.request("GET", canaryPath(stage), undefined, { token: nodeToken(stage) })).status === 200;
}

/** What the kubelet puts into the environment of the pod's container. */
export async function environmentOf(stage: Stage, pod: Stored): Promise<string> {
  if (pod["spec"].nodeName !== stage.plane.node) throw new Error("the pod is not on the fake node");
  if (!namesCanary(pod)) throw new Error("the pod does not name the Secret");
  return getUntilAllowed(stage, { token: nodeToken(stage) });
}

/** The token that the kubelet mounts into the pod, for the pod's own ServiceAccount. */
export async function mountedToken({ plane, ...stage }: Stage, { metadata, spec }: Stored): Promise<string> {
  const path = pathOf("ServiceAccount", stage.namespace, spec.serviceAccountName, "token");
  const boundObjectRef = { apiVersion: "v1", kind: "Pod", name: metadata.name, uid: metadata.uid };
  const body = { spec: { expirationSeconds: 3607, boundObjectRef } };
  return waitFor("the node to be given the pod's token", async (note) => {
    const answer = await plane.request("POST", path, body, { token: nodeToken({ plane, ...stage }) });
    note(`${String(answer.status)} ${String(answer.body?.reason)}`);
    return answer.status === 201 ? (answer.body.status.token as string) : null;
  });
}

/** Reads the canary by the token that the kubelet mounts into the pod. */
export async function readAsPod(stage: Stage, pod: Stored): Promise<string> {
  return getWith(stage, await mountedToken(stage, pod));
}

/** Deletes the pods of an earlier attempt, and waits until the node may not get the canary any more. */
export async function clearPods(stage: Stage): Promise<void> {
  await must(stage.plane, "DELETE", `${pathOf("Pod", stage.namespace)}?gracePeriodSeconds=0`);
  await waitFor("the pods of the last attempt to be gone", async () => {
    return (await list(stage.plane, "Pod", stage.namespace)).length === 0 && !(await nodeMayGet(stage));
  });
}
