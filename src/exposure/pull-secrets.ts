import type { ObjectMeta, ObjectRef } from "../model/object.ts";
import type { SecretMeta } from "../model/snapshot.ts";
import { serviceAccountOf } from "../scope/match.ts";
import type { Closing, Found, Opening, Source, User } from "./class.ts";
import { bySeniority, firstOf } from "./configmaps.ts";
import type { ExposureContext } from "./context.ts";
import { sources, templateOf } from "./literals.ts";
import { atCreation } from "./opened.ts";
import { referenceIdentity } from "./references.ts";

/** What names a pull Secret for batch work. */
interface Namer {
  source: Source;
  meta: ObjectMeta;
  /** Where it is not the source itself. */
  object: ObjectRef | null;
  path: string;
  field: string;
}

/** A Secret as one object names it, with all the work that pulls by it. */
interface Pull {
  namer: Namer;
  secret: string;
  users: User[];
}

/**
 * The Secrets by which nodes pull the images of batch work, each as what names it at the top does: its CronJob, or the
 * ServiceAccount, whose pull Secrets admission writes into pods that have none (plugin/pkg/admission/serviceaccount).
 */
export function pullSecrets(context: ExposureContext): Found[] {
  const pulls = new Map<ObjectMeta, Map<string, Pull>>();
  for (const source of sources(context)) {
    for (const { secret, namer } of named(source, context)) {
      const pull = pulls
        .getOrInsertComputed(namer.meta, () => new Map<string, Pull>())
        .getOrInsertComputed(secret, () => ({ namer, secret, users: [] }));
      pull.users.push({ source, containers: null });
    }
  }
  return [...pulls.values()].flatMap((own) => [...own.values()]).flatMap((pull) => foundOf(pull, context));
}

function* named(source: Source, context: ExposureContext): Iterable<{ secret: string; namer: Namer }> {
  const account = accountOf(source, context);
  const own = ownPulls(source);
  if (own.length === 0) {
    for (const secret of account?.imagePullSecrets ?? []) {
      yield { secret, namer: accountNamer(source, secret, context)! };
    }
  }
  for (const { secret } of own) {
    const root = context.rootOf(source);
    const byRoot = root === source ? null : ownNamer(root, secret);
    // Of a pod nobody can tell whether it named the Secret itself, or admission did.
    const byAccount = source.kind === "Pod" ? accountNamer(source, secret, context) : null;
    yield { secret, namer: (byRoot ?? byAccount ?? ownNamer(source, secret))! };
  }
}

function ownPulls(source: Source): { secret: string; path: string; field: string }[] {
  return templateOf(source).secretReferences.filter(({ use }) => use === "pull");
}

function ownNamer(source: Source, name: string): Namer | null {
  const pull = ownPulls(source).find(({ secret }) => secret === name);
  return pull === undefined ? null : { source, meta: source.meta, object: null, path: pull.path, field: pull.field };
}

function accountOf(source: Source, context: ExposureContext) {
  return context.serviceAccount(source.meta.namespace ?? "", serviceAccountOf(source));
}

function accountNamer(source: Source, secret: string, context: ExposureContext): Namer | null {
  const account = accountOf(source, context);
  const index = account?.imagePullSecrets.indexOf(secret) ?? -1;
  if (account === null || index < 0) return null;
  const { namespace, name, uid } = account.meta;
  return {
    source: context.rootOf(source),
    meta: account.meta,
    object: { apiVersion: "v1", kind: "ServiceAccount", namespace, name, uid },
    path: `imagePullSecrets[${String(index)}]`,
    field: `serviceaccount[${name}].imagePullSecrets[${secret}]`,
  };
}

function foundOf({ namer, secret, users }: Pull, context: ExposureContext): Found[] {
  const namespace = namer.meta.namespace ?? "";
  const seen = context.secret(namespace, secret);
  // A name without a Secret pulls nothing.
  if (seen === null && context.whole("secrets", namespace) === null) return [];
  return [
    {
      identity: referenceIdentity(context, namespace, secret, null),
      source: namer.object === null ? namer.source : users.map(({ source }) => context.rootOf(source)).reduce(firstOf),
      ...(namer.object === null ? {} : { object: namer.object }),
      path: namer.path,
      field: namer.field,
      opening: openingOf(seen, namer, context),
      closing: closingOf(seen),
      containers: null,
      ...(isStanding(namer, users) ? { standing: true } : {}),
      users: users.toSorted((a, b) => bySeniority(a.source, b.source)),
      access: [{ by: "rbac", resource: "secrets", namespace, name: secret }],
    },
  ];
}

/** Whatever runs as an account pulls by its Secrets, today or tomorrow; of a CronJob only a suspended one pulls no more. */
function isStanding({ object }: Namer, users: readonly User[]): boolean {
  return object !== null || users.some(({ source }) => source.kind === "CronJob" && !source.suspend);
}

/** Not listed, it may be older than what names it, or younger: a name alone proves neither. */
function openingOf(secret: SecretMeta | null, namer: Namer, context: ExposureContext): Opening {
  if (secret !== null) return atCreation(secret.meta, context, "a Secret is read from then on");
  return { ...atCreation(namer.meta, context, "the Secret was not listed, but this object names it"), isBound: true };
}

function closingOf(secret: SecretMeta | null): Closing {
  if (secret === null || secret.meta.deletionTimestamp === null)
    return { at: null, because: "never", why: "until the Secret is deleted or its data change", isBound: false };
  const { finalizers } = secret.meta;
  const held = finalizers.length === 0 ? "" : `, held by its finalizer ${finalizers.join(", ")}`;
  return { at: null, because: "secret-deletion", why: `the Secret is being deleted${held}`, isBound: true };
}
