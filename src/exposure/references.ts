import { podFinishedAt, podStartedAt } from "../batch/finish.ts";
import type { Pod, SecretReference, SecretUse } from "../model/workload.ts";
import type { Found, Identity } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { atCreation } from "./opened.ts";
import { useOf } from "./uses.ts";

/** One key of a referenced Secret, or all of it. */
interface Named {
  pod: Pod;
  reference: SecretReference;
  identity: Identity;
}

/** Every Secret that batch pods name in one of these ways, one for each key. */
export function* secretsNamed(context: ExposureContext, uses: readonly SecretUse[]): Iterable<Named> {
  for (const pod of context.pods) {
    for (const reference of pod.template.secretReferences) {
      if (!uses.includes(reference.use)) continue;
      for (const key of reference.keys ?? [null]) {
        yield { pod, reference, identity: referenceIdentity(context, pod.meta.namespace ?? "", reference.secret, key) };
      }
    }
  }
}

/**
 * A reference is known by namespace, Secret and key. The keys of a legacy token Secret are one credential: its token.
 */
export function referenceIdentity(
  context: ExposureContext,
  namespace: string,
  secret: string,
  key: string | null,
): Identity {
  const legacy = context.legacyToken(namespace, secret);
  if (legacy !== null) {
    return {
      key: `secret ${namespace}/${secret}/token`,
      name: `${secret}/token`,
      kind: "serviceaccount-token",
      confidence: legacy.confidence,
      because: legacy.because,
      fingerprint: null,
      ref: { namespace, name: secret, key: "token" },
      serviceAccount: legacy.serviceAccount,
    };
  }
  return {
    key: `secret ${namespace}/${secret}/${key ?? ""}`,
    name: key === null ? secret : `${secret}/${key}`,
    kind: "secret-reference",
    confidence: "certain",
    because: "the pod names the Secret; the value is not in the pod",
    fingerprint: null,
    ref: { namespace, name: secret, key },
    serviceAccount: null,
  };
}

/** References that reach a container: open from the pod's start to the end of the last container that gets them. */
export function containerReferences(
  context: ExposureContext,
  uses: readonly SecretUse[],
  ends: "process" | "pod",
): Found[] {
  const found: Found[] = [];
  for (const { pod, reference, identity } of secretsNamed(context, uses)) {
    const started = podStartedAt(pod);
    if (started === null) continue;
    const containers = reference.containers.length === 0 ? null : reference.containers;
    const end = ends === "process" ? (useOf(pod, containers, context)?.end ?? null) : podFinishedAt(pod);
    const what =
      ends === "process"
        ? "the last container that gets it finished"
        : "the pod finished and its volumes left the node";
    const running = ends === "process" ? "a container that gets it is still running" : "the pod has not finished";
    const namespace = pod.meta.namespace ?? "";
    found.push({
      identity,
      source: pod,
      path: reference.path,
      field: reference.field,
      opening: { opens: started, notBefore: started, isBound: false, because: "the pod started" },
      closing: { at: end, because: "container-finished", why: end === null ? running : what, isBound: end === null },
      containers,
      access: [{ by: "rbac", resource: "secrets", namespace, name: reference.secret }],
    });
  }
  return found;
}

/** When a pod was bound to its node: PodScheduled, else its start, else its creation (as a bound). */
export function boundAt(pod: Pod, context: ExposureContext): Found["opening"] {
  const scheduled = pod.conditions.find((one) => one.type === "PodScheduled" && one.status === "True");
  const at = scheduled?.lastTransitionTime ?? podStartedAt(pod);
  if (at === null) return atCreation(pod.meta, context, "the pod was bound to its node");
  return { opens: at, notBefore: at, isBound: false, because: "the pod was bound to its node" };
}
