import type { ObjectMeta } from "../../model/object.ts";
import { PROTECT_ANNOTATION } from "../../model/annotations.ts";

/**
 * True for the namespaces that hold the cluster itself. `kube-` is reserved for Kubernetes (kube-system, kube-public,
 * kube-node-lease), `openshift` and `openshift-` for OpenShift; nothing reserves other names.
 */
export function isProtectedNamespace(namespace: string | null): boolean {
  return namespace !== null && /^(kube-|openshift$|openshift-)/.test(namespace);
}

/** True where somebody put the protect annotation on; its value does not matter: who wants it off takes it off. */
export function isProtected({ annotations }: Pick<ObjectMeta, "annotations">): boolean {
  return Object.hasOwn(annotations, PROTECT_ANNOTATION);
}
