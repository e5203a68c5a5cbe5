import { podStartedAt } from "../batch/finish.ts";
import type { ServiceAccount } from "../model/access.ts";
import type { Pod, TokenProjection } from "../model/workload.ts";
import { serviceAccountOf } from "../scope/match.ts";
import type { Found, Identity } from "./class.ts";
import { isAdmitted, isBatch, type ExposureContext } from "./context.ts";
import { ADMITTED_LIFETIME, tokenClosing } from "./token-end.ts";

/** The token that admission adds to a pod; it has no volume before. */
const ADMITTED: TokenProjection = {
  audience: null,
  expirationSeconds: ADMITTED_LIFETIME,
  path: "spec.serviceAccountName",
};

/** Projected ServiceAccount tokens of the batch pods that have started. */
export function boundTokens(context: ExposureContext): Found[] {
  return [
    ...context.pods.flatMap((pod) => tokensOf(pod, context)),
    // Those for the API server have ended with the pod; the others know nothing of it.
    ...(context.snapshot.earlier?.pods ?? [])
      .filter((pod) => isBatch(pod, context.owners))
      .flatMap((pod) => tokensOf(pod, context).filter(({ path }) => tokenAt(pod, path).audience !== null)),
  ];
}

/** The projection behind a finding in this pod. */
export function tokenAt(pod: Pod, path: string): TokenProjection {
  return pod.template.tokens.find((token) => token.path === path) ?? ADMITTED;
}

function tokensOf(pod: Pod, context: ExposureContext): Found[] {
  const started = podStartedAt(pod);
  if (started === null) return [];
  const account = context.serviceAccount(pod.meta.namespace ?? "", serviceAccountOf(pod));
  const node = context.isEarlier(pod) ? null : pod.template.nodeName;
  return projectionsOf(pod, account, context).map(({ token, why, isBound }) => ({
    identity: tokenIdentity(pod, token),
    source: pod,
    path: token.path,
    field: token.path,
    opening: { opens: started, notBefore: started, isBound, because: `the pod started; ${why}` },
    closing: tokenClosing(pod, token, account, context),
    containers: null,
    access: node === null ? [] : [{ by: "node" as const, node }],
  }));
}

/**
 * Tokens that the pod shows, or, for a manifest that admission has not seen, the one that it would add: automount of the
 * pod over that of its ServiceAccount over true (plugin/pkg/admission/serviceaccount). An admitted pod shows its tokens.
 */
function projectionsOf(
  pod: Pod,
  account: ServiceAccount | null,
  context: ExposureContext,
): { token: TokenProjection; why: string; isBound: boolean }[] {
  if (pod.template.tokens.length > 0) {
    return pod.template.tokens.map((token) => ({ token, why: "its volumes hold the token", isBound: false }));
  }
  if (isAdmitted(pod)) return [];
  const own = pod.template.automountServiceAccountToken;
  if (!(own ?? account?.automountServiceAccountToken ?? true)) return [];
  const seen = own !== null || account !== null || context.whole("serviceaccounts", pod.meta.namespace) === null;
  const why = seen
    ? "admission mounts a token (automountServiceAccountToken)"
    : "admission mounts a token unless its ServiceAccount, which was not seen, says otherwise";
  return [{ token: ADMITTED, why, isBound: !seen }];
}

/** One token is known by its pod and audience: only tokens for the API server end with the pod. */
function tokenIdentity(pod: Pod, token: TokenProjection): Identity {
  const namespace = pod.meta.namespace ?? "";
  const name = serviceAccountOf(pod);
  const audience = token.audience === null ? "" : ` for ${token.audience}`;
  return {
    key: `token ${pod.meta.uid} ${token.audience ?? ""}`,
    name: `token of serviceaccount/${name}${audience}`,
    kind: "serviceaccount-token",
    confidence: "certain",
    because: "a projected ServiceAccount token, bound to the pod",
    fingerprint: null,
    ref: null,
    serviceAccount: { namespace, name },
  };
}
