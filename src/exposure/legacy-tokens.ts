import { instant, toTime } from "../batch/time.ts";
import type { SecretMeta } from "../model/snapshot.ts";
import type { Closing, Found, Opening, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { ACCOUNT_UID_ANNOTATION, type LegacyToken } from "./legacy.ts";
import { sources, templateOf } from "./literals.ts";
import { atCreation } from "./opened.ts";
import { referenceIdentity } from "./references.ts";

/** Set by the legacy token cleaner, or anybody who may change the Secret; a token whose Secret has it is refused. */
const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
/** A day in UTC, written at the first use of each day. */
const LAST_USED = "kubernetes.io/legacy-token-last-used";
const DAY = 24 * 3600 * 1000;

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
        closing: legacyClosing(context.secret(namespace, reference.secret), legacy, context),
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

/** A deletionTimestamp of the Secret or of the account ends it at once (pkg/serviceaccount/legacy.go gives no leeway). */
function legacyClosing(secret: SecretMeta | null, legacy: LegacyToken, context: ExposureContext): Closing {
  const ended = (at: string, why: string): Closing => ({
    at,
    because: "secret-deletion",
    why,
    isBound: true,
    over: true,
  });
  const deleted = secret?.meta.deletionTimestamp ?? null;
  if (deleted !== null) return ended(deleted, "its Secret is being deleted, and a legacy token gets no leeway");
  const end = accountEnd(secret, legacy, context);
  if (end !== null) return { ...ended(end.at, end.why), because: "owner-deletion" };
  const invalid = secret?.meta.labels[INVALID_SINCE] ?? "";
  if (invalid !== "") {
    const why = `its Secret is marked invalid (${INVALID_SINCE}: ${invalid}); whoever takes the label off revives it`;
    return ended(endOfDay(invalid, context), why);
  }
  const used = secret?.meta.labels[LAST_USED];
  const said = used === undefined ? "" : `; last used on ${used} as far as the API server noted it`;
  const why = `a legacy token has no expiry: it ends with its Secret or its ServiceAccount${said}`;
  return { at: null, because: "never", why, isBound: false };
}

/** A token names the uid of its account; the token controller deletes such a Secret, but may be late. */
function accountEnd(
  secret: SecretMeta | null,
  { serviceAccount }: LegacyToken,
  context: ExposureContext,
): { at: string; why: string } | null {
  if (serviceAccount === null) return null;
  const { namespace, name } = serviceAccount;
  const title = `serviceaccount/${name}`;
  const account = context.serviceAccount(namespace, name);
  if (account === null) {
    const gone = context.whole("serviceaccounts", namespace) === null;
    return gone ? { at: context.takenAt, why: `${title} no longer exists` } : null;
  }
  const { uid, creationTimestamp, deletionTimestamp } = account.meta;
  const meant = secret?.meta.annotations[ACCOUNT_UID_ANNOTATION];
  if (meant !== undefined && meant !== uid)
    return {
      at: creationTimestamp ?? context.takenAt,
      why: `${title} was recreated: the token speaks for another uid`,
    };
  if (deletionTimestamp === null) return null;
  return { at: deletionTimestamp, why: `${title} is being deleted, and a legacy token gets no leeway` };
}

/** The label names a day in UTC: by its end, or by now, the token was invalid. */
function endOfDay(day: string, { now }: ExposureContext): string {
  const start = instant(`${day}T00:00:00Z`);
  return toTime(start === null ? now : Math.min(now, start + DAY));
}
