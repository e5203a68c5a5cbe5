import { podFinishedAt, podStartedAt } from "../batch/finish.ts";
import { instant } from "../batch/time.ts";
import type { Pod, SecretReference, SecretUse } from "../model/workload.ts";
import type { Access, Found, Identity } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { atCreation, managedSince, proved } from "./opened.ts";
import { useOf } from "./uses.ts";

/** One key of a referenced Secret, or all of it. */
interface Named {
  reference: SecretReference;
  identity: Identity;
}

/** The Secrets that a pod names in one of these ways, one for each key. */
export function secretsNamed(pod: Pod, context: ExposureContext, uses: ReadonlySet<SecretUse>): Named[] {
  const named: Named[] = [];
  for (const reference of pod.template.secretReferences) {
    if (!uses.has(reference.use)) continue;
    for (const key of reference.keys ?? WHOLE) {
      named.push({ reference, identity: referenceIdentity(context, pod.meta.namespace ?? "", reference.secret, key) });
    }
  }
  return named;
}

const WHOLE = [null];

/** Many pods name one Secret. */
const identities = new WeakMap<ExposureContext, Map<string, Identity>>();

/**
 * A reference is known by namespace, Secret and key. The keys of a legacy token Secret are one credential: its token.
 */
export function referenceIdentity(
  context: ExposureContext,
  namespace: string,
  secret: string,
  key: string | null,
): Identity {
  return identities
    .getOrInsertComputed(context, () => new Map<string, Identity>())
    .getOrInsertComputed(`${namespace}/${secret}/${key ?? ""}`, () => identityFrom(context, namespace, secret, key));
}

function identityFrom(context: ExposureContext, namespace: string, secret: string, key: string | null): Identity {
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

/** The text of a window's end, by what ends it. */
const ENDS = {
  process: { over: "the last container that gets it finished", running: "a container that gets it has yet to end" },
  pod: { over: "the pod finished and its volumes left the node", running: "the pod has not finished" },
} as const;

/** References that reach a container: open from the pod's start to the end of the last container that gets them. */
export function containerReferences(
  context: ExposureContext,
  uses: readonly SecretUse[],
  ends: keyof typeof ENDS,
): Found[] {
  const found: Found[] = [];
  const wanted = new Set(uses);
  const accessOf = secretAccess();
  for (const pod of context.pods) {
    const started = podStartedAt(pod);
    const named = started === null ? [] : secretsNamed(pod, context, wanted);
    if (started === null || named.length === 0) continue;
    const withPod = { opens: started, notBefore: started, isBound: false, because: "the pod started" };
    for (const { reference, identity } of named) {
      const opening = addedLater(pod, reference, "environment", context) ?? withPod;
      const containers = reference.containers.length === 0 ? null : reference.containers;
      const end = ends === "process" ? (useOf(pod, containers, context)?.end ?? null) : podFinishedAt(pod);
      const why = end === null ? ENDS[ends].running : ENDS[ends].over;
      found.push({
        identity,
        source: pod,
        path: reference.path,
        field: reference.field,
        opening,
        closing: { at: end, because: "container-finished", why, isBound: end === null },
        containers,
        access: accessOf(pod.meta.namespace ?? "", reference.secret),
      });
    }
  }
  return found;
}

/**
 * For what an ephemeral container names, and nothing of the pod did before, when that began; null for everything else. The
 * environment is there with the process, the name since the container was added.
 */
export function addedLater(
  pod: Pod,
  { field, containers }: SecretReference,
  what: "environment" | "name",
  context: ExposureContext,
): Found["opening"] | null {
  if (!field.startsWith("spec.ephemeralContainers[")) return null;
  const status = pod.containers.find(({ kind, name }) => kind === "ephemeral" && containers.includes(name));
  // It never restarts.
  const started = status?.startedAt ?? null;
  const because = "the ephemeral container started";
  if (what === "environment" && started !== null)
    return { opens: started, notBefore: started, isBound: false, because };
  return proved(pod.meta, context, [
    [managedSince(pod.meta, field, "ephemeralcontainers"), "the ephemeral container was added then at the latest"],
    [instant(started), because],
  ]);
}

/** A Secret is read as itself, whichever pod names it. */
function secretAccess(): (namespace: string, name: string) => Access[] {
  const known = new Map<string, Access[]>();
  return (namespace, name) =>
    known.getOrInsertComputed(`${namespace}/${name}`, () => [{ by: "rbac", resource: "secrets", namespace, name }]);
}

/** When a pod was bound to its node: PodScheduled, else its start, else its creation (as a bound). */
export function boundAt(pod: Pod, context: ExposureContext): Found["opening"] {
  const scheduled = pod.conditions.find((one) => one.type === "PodScheduled" && one.status === "True");
  const at = scheduled?.lastTransitionTime ?? podStartedAt(pod);
  if (at === null) return atCreation(pod.meta, context, "the pod was bound to its node");
  return { opens: at, notBefore: at, isBound: false, because: "the pod was bound to its node" };
}
