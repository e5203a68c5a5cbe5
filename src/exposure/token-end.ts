import { podFinish } from "../batch/finish.ts";
import { instant, toTime } from "../batch/time.ts";
import type { ServiceAccount } from "../model/access.ts";
import type { Pod, TokenProjection } from "../model/workload.ts";
import { serviceAccountOf } from "../scope/match.ts";
import type { Closing } from "./class.ts";
import { first, leewayEnd, TOKEN_LEEWAY } from "./closed.ts";
import { isAdmitted, type ExposureContext } from "./context.ts";

/** serviceaccount.WarnOnlyBoundTokenExpirationSeconds: what admission asks for; a pod's token of just this lifetime is extended. */
export const ADMITTED_LIFETIME = 3607;
/** serviceaccount.ExpirationExtensionSeconds: --service-account-extend-token-expiration, default true. */
const EXTENDED_LIFETIME = 365 * 24 * 3600;
/** Default of expirationSeconds in a projected volume, and the longest that is taken (validateProjectionSources). */
const DEFAULT_LIFETIME = 3600;
const LONGEST_LIFETIME = 2 ** 32;

/** The earliest end of a bound token; see docs/exposure.md. */
export function tokenClosing(
  pod: Pod,
  token: TokenProjection,
  account: ServiceAccount | null,
  context: ExposureContext,
): Closing {
  const finished = finishedBy(pod, context);
  // Whoever judges such a token offline sees neither pod nor account.
  if (token.audience !== null) return expiryClosing(token, finished);
  const pods = context.closingOf(pod);
  let closing: Closing = pods.at === null ? pods : { ...pods, why: context.retentionOf(pod).why };
  const leeway = leewayEnd(pod);
  if (leeway !== null) {
    const why =
      "60 s after the pod's deletionTimestamp, whatever holds the object; up to 10 s more if it was just used";
    closing = first(closing, { at: leeway, because: "deletion-in-progress", why, isBound: true });
  }
  closing = first(closing, accountEnd(pod, account, finished, context));
  // Most pods go before their token expires, and times take long to write for many.
  const at = instant(closing.at);
  if (at !== null && (finished === null || at <= expiryOf(token, finished) + TOKEN_LEEWAY)) return closing;
  return first(closing, expiryClosing(token, finished));
}

/**
 * The latest exp in milliseconds; null while the pod has not finished, because its kubelet renews the token until then (after
 * 80 % of its lifetime, or a day). Settings of the API server make it earlier, never later. What the pod's node, or anybody
 * who may, asks for afterwards is another token.
 */
export function latestExpiry(pod: Pod, token: TokenProjection, context: ExposureContext): number | null {
  const finished = finishedBy(pod, context);
  return finished === null ? null : expiryOf(token, finished);
}

function expiryOf(token: TokenProjection, finished: number): number {
  return finished + lifetimeOf(token).seconds * 1000;
}

/** The longest lifetime: an audience that the pod names may be one of the API server's own (--api-audiences), which no API shows. */
function lifetimeOf({ audience, expirationSeconds }: TokenProjection): { seconds: number; said: string } {
  const asked = Math.min(expirationSeconds ?? DEFAULT_LIFETIME, LONGEST_LIFETIME);
  if (asked !== ADMITTED_LIFETIME) return { seconds: asked, said: `${String(asked)} s` };
  const own = audience === null ? "as the API server extends it by default" : `if ${audience} means the API server too`;
  return { seconds: EXTENDED_LIFETIME, said: `a year, ${own},` };
}

/** The exp, and the leeway with which an API server reads it. */
function expiryClosing(token: TokenProjection, finished: number | null): Closing {
  const { said } = lifetimeOf(token);
  const ends =
    finished === null
      ? "its kubelet renews it while the pod runs"
      : `its exp is at most ${said} after the pod finished, and read with 60 s of leeway`;
  const why =
    token.audience === null
      ? `${ends}; until the pod object goes, its node can ask for another`
      : `only its exp ends it wherever it is judged without asking the API server; ${ends}`;
  const at = finished === null ? null : toTime(expiryOf(token, finished) + TOKEN_LEEWAY);
  return { at, because: "token-expiry", why, isBound: true };
}

/** The latest moment, in milliseconds, at which the pod may have finished; null while it has not. */
function finishedBy(pod: Pod, { now }: ExposureContext): number | null {
  const finish = podFinish(pod);
  if (finish === null) return null;
  if (finish.source === "containers") return instant(finish.at) ?? now;
  // A pod may be unready long before it ends. Whoever wrote a final phase did it once the pod had ended.
  if (pod.phase !== "Succeeded" && pod.phase !== "Failed") return now;
  const written = pod.meta.managedFields.filter(({ subresource }) => subresource === "status");
  const times = written.map(({ time }) => instant(time)).filter((time) => time !== null);
  return times.length === 0 ? now : Math.min(now, Math.max(...times));
}

/**
 * A token names its ServiceAccount's uid. One that was recreated ends the tokens of the pod only where the pod had finished
 * by then: the kubelet of a pod that runs on asks for a token of the new one.
 */
function accountEnd(
  pod: Pod,
  account: ServiceAccount | null,
  finished: number | null,
  context: ExposureContext,
): Closing | null {
  const title = `serviceaccount/${serviceAccountOf(pod)}`;
  if (account === null) {
    if (!isAdmitted(pod) || context.whole("serviceaccounts", pod.meta.namespace) !== null) return null;
    const why = `${title} no longer exists`;
    return { at: context.takenAt, because: "owner-deletion", why, isBound: true, over: true };
  }
  const { creationTimestamp, deletionTimestamp } = account.meta;
  const deletion = instant(deletionTimestamp);
  const going: Closing | null =
    deletion === null
      ? null
      : {
          at: toTime(deletion + TOKEN_LEEWAY),
          because: "owner-deletion",
          why: `60 s after the deletionTimestamp of ${title}, whatever holds the object; up to 10 s more if it was just used`,
          isBound: true,
        };
  const created = instant(creationTimestamp);
  if (creationTimestamp === null || created === null || finished === null || created <= finished) return going;
  const why = `${title} was recreated after the pod had finished; its node can ask for a token of the new one`;
  return first({ at: creationTimestamp, because: "owner-deletion", why, isBound: true }, going);
}
