import { podFinishedAt, podStartedAt } from "../batch/finish.ts";
import { instant, toTime } from "../batch/time.ts";
import type { ServiceAccount } from "../model/access.ts";
import type { Pod, TokenProjection } from "../model/workload.ts";
import { serviceAccountOf } from "../scope/match.ts";
import type { Closing, Found, Identity, Opening, Source } from "./class.ts";
import { first, leewayEnd, objectClosing } from "./closed.ts";
import { isAdmitted, type ExposureContext } from "./context.ts";
import type { LegacyToken } from "./legacy.ts";
import { sources, templateOf } from "./literals.ts";
import { atCreation } from "./opened.ts";
import { referenceIdentity } from "./references.ts";

/** Lifetime in seconds that admission asks for, and that the API server then extends to a year by default. */
const DEFAULT_LIFETIME = 3607;
/** serviceaccount.ExpirationExtensionSeconds: --service-account-extend-token-expiration, default true. */
const EXTENDED_LIFETIME = 365 * 24 * 3600;

/** Projected ServiceAccount tokens of the batch pods that have started. */
export function boundTokens(context: ExposureContext): Found[] {
  const found: Found[] = [];
  for (const pod of context.pods) {
    const started = podStartedAt(pod);
    if (started === null) continue;
    const namespace = pod.meta.namespace ?? "";
    const account = context.serviceAccount(namespace, serviceAccountOf(pod));
    for (const { token, why, isBound } of tokensOf(pod, account, context)) {
      found.push({
        identity: tokenIdentity(pod, token),
        source: pod,
        path: token.path,
        field: token.path,
        opening: { opens: started, notBefore: started, isBound, because: `the pod started; ${why}` },
        closing: tokenClosing(pod, token, account, context),
        containers: null,
        access: pod.template.nodeName === null ? [] : [{ by: "node", node: pod.template.nodeName }],
      });
    }
  }
  return found;
}

/**
 * Tokens that the pod shows, or, for a manifest that admission has not seen, the one that it would add: automount of the
 * pod over that of its ServiceAccount over true (plugin/pkg/admission/serviceaccount). An admitted pod shows its tokens.
 */
function tokensOf(
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
  const token = { audience: null, expirationSeconds: DEFAULT_LIFETIME, path: "spec.serviceAccountName" };
  return [{ token, why, isBound: !seen }];
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

/** The earliest end of a bound token; see docs/exposure.md. */
function tokenClosing(
  pod: Pod,
  token: TokenProjection,
  account: ServiceAccount | null,
  context: ExposureContext,
): Closing {
  const expiry = expiryOf(pod, token);
  if (token.audience !== null) {
    const why = "a token for another audience is judged without the API server: only its exp ends it";
    return { at: expiry?.at ?? null, because: "token-expiry", why, isBound: true };
  }
  const pods = objectClosing(pod, context);
  let closing: Closing = pods.at === null ? pods : { ...pods, why: context.retentionOf(pod).why };
  const leeway = leewayEnd(pod);
  if (leeway !== null) {
    const why =
      "60 s after the pod's deletionTimestamp, whatever holds the object; up to about 10 s more where it was just used";
    closing = first(closing, { at: leeway, because: "deletion-in-progress", why, isBound: true });
  }
  return first(first(closing, accountEnd(pod, account, context)), expiry);
}

/**
 * The latest exp: the lifetime counts from the last refresh, and the kubelet refreshes until the pod has finished.
 * Null while it runs. The server may have given less than this, never more.
 */
function expiryOf(pod: Pod, token: TokenProjection): Closing | null {
  const finished = instant(podFinishedAt(pod));
  if (finished === null) return null;
  const asked = token.expirationSeconds ?? 3600;
  const extended = asked === DEFAULT_LIFETIME && token.audience === null;
  const lifetime = extended ? EXTENDED_LIFETIME : asked;
  const how = extended ? "a year, as the API server extends it by default," : `${String(asked)} s`;
  const why = `its exp is at most ${how} after the pod finished; until the pod object goes, its node can ask for another`;
  return { at: toTime(finished + lifetime * 1000), because: "token-expiry", why, isBound: true };
}

/** A token names its ServiceAccount's uid: deleted or recreated since, the account no longer speaks through it. */
function accountEnd(pod: Pod, account: ServiceAccount | null, context: ExposureContext): Closing | null {
  const title = `serviceaccount/${serviceAccountOf(pod)}`;
  if (account === null) {
    if (!isAdmitted(pod) || context.whole("serviceaccounts", pod.meta.namespace) !== null) return null;
    return {
      at: context.takenAt,
      because: "owner-deletion",
      why: `${title} no longer exists`,
      isBound: true,
      over: true,
    };
  }
  const created = instant(account.meta.creationTimestamp);
  const started = instant(podStartedAt(pod));
  if (created === null || started === null || account.meta.creationTimestamp === null || created <= started)
    return null;
  const why = `${title} was recreated after the pod started`;
  return { at: account.meta.creationTimestamp, because: "owner-deletion", why, isBound: true };
}

/** Legacy tokens that a CronJob, Job or batch pod names. */
export function legacyTokens(context: ExposureContext): Found[] {
  const found: Found[] = [];
  for (const source of sources(context)) {
    const namespace = source.meta.namespace ?? "";
    for (const reference of templateOf(source).secretReferences) {
      const legacy = context.legacyToken(namespace, reference.secret);
      if (legacy === null) continue;
      found.push({
        identity: referenceIdentity(context, namespace, reference.secret, null),
        source,
        path: reference.path,
        field: reference.field,
        opening: legacyOpening(source, legacy, context),
        closing: {
          at: null,
          because: "never",
          why: "a legacy token has no expiry: it ends with its Secret or its ServiceAccount",
          isBound: false,
        },
        containers: reference.containers.length === 0 ? null : reference.containers,
        access: [{ by: "rbac", resource: "secrets", namespace, name: reference.secret }],
      });
    }
  }
  return found;
}

/** The Secret's creation; where it was not listed, it existed when the object that names it was created, and is no older than its account. */
function legacyOpening(source: Source, { created, accountCreated }: LegacyToken, context: ExposureContext): Opening {
  if (created !== null)
    return { opens: created, notBefore: created, isBound: false, because: "the Secret was created" };
  const named = atCreation(source.meta, context, "the Secret was not listed, but this object names it");
  return { ...named, notBefore: accountCreated ?? named.notBefore, isBound: true };
}
