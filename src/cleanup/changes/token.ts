import { collect } from "../../evidence/collect.ts";
import { createContext } from "../../evidence/context.ts";
import { KINDS } from "../../evidence/kinds/index.ts";
import type { Api, Json } from "../../model/api.ts";
import type { CleanupChange } from "../../model/cleanup.ts";
import type { ChangeDone } from "../../model/journal.ts";
import type { SecretMeta } from "../../model/snapshot.ts";
import { pathOfObject, survivable } from "../bundle/fetch.ts";
import { collectOwned } from "../dependents.ts";
import { alongWith } from "../plan/changes.ts";
import { indexOwned } from "../plan/tree.ts";
import { refusesDeletion } from "../plan/ways.ts";
import type { Kept } from "../recheck.ts";
import type { Work } from "../work.ts";
import type { LookAgain, Sight } from "./make.ts";

const TOKEN_TYPE = "kubernetes.io/service-account-token";

/**
 * Judges the deletion of a legacy token's Secret again, on its metadata of this moment and on what it owns. It has to be as it was
 * preserved, not as it was planned: the API server writes the day of its use into a label.
 */
export function ofToken(change: CleanupChange, kept: Kept, work: Work): LookAgain {
  return async (wasAsked) => {
    try {
      return await sight(change, wasAsked, kept, work);
    } catch (error) {
      return settled(wasAsked ? "unknown" : "failed", `could not be read: ${survivable(error).message}`);
    }
  };
}

async function sight(change: CleanupChange, wasAsked: boolean, kept: Kept, work: Work): Promise<Sight> {
  const { api, journal } = work;
  const secret = await find(change, "", api);
  if (secret === null)
    return wasAsked ? settled("done", "deleted, and read as gone") : settled("already", "it is gone");
  const { uid, resourceVersion, deletionTimestamp } = secret.meta;
  if (uid !== change.object.uid) return settled("refused", "another object has its name now, which nobody judged");
  if (wasAsked && deletionTimestamp !== null) return settled("unknown", "it is still being deleted");
  const refused = await refusal(change, secret, kept, work);
  if (refused !== null) return settled("refused", refused);
  const deletion = { uid, resourceVersion, cascade: "background" } as const;
  return { resourceVersion, send: () => api.remove(pathOfObject(change), deletion, journal === null) };
}

async function refusal(change: CleanupChange, secret: SecretMeta, kept: Kept, work: Work): Promise<string | null> {
  const refused = refusesDeletion(secret, work.rules) ?? unkept(secret, kept);
  if (refused !== null) return refused;
  if ((await find(change, `,type=${TOKEN_TYPE}`, work.api)) === null) return "it is no ServiceAccount token";
  return wouldTake(change, work);
}

function settled(outcome: ChangeDone["outcome"], because: string): Sight {
  return { done: { outcome, because } };
}

function unkept({ meta: { uid, resourceVersion } }: SecretMeta, kept: Kept): string | null {
  if (kept === null) return null;
  const version = kept.get(uid);
  if (version === undefined) return "its evidence was not preserved";
  return version === resourceVersion ? null : "it changed after it was preserved";
}

/**
 * What the garbage collector would take along with the Secret, by what owns what at this moment, in words; null where nothing. What
 * comes to be owned after this read goes along all the same: Kubernetes has no precondition for that.
 */
async function wouldTake({ object }: CleanupChange, { api, rules, toolVersion, now }: Work): Promise<string | null> {
  const namespace = object.namespace ?? "";
  // No kind is collected beforehand, so that each is listed for its owners.
  const progress = (): void => undefined;
  const where = { namespace, allNamespaces: false, now: now(), toolVersion };
  const nothing = await collect(api, { resources: [], ...where, fingerprintKey: null, progress });
  const { owned, blindSpots } = await collectOwned(api, [namespace], nothing);
  const [first, ...others] = new Set(blindSpots.map(({ resource }) => resource));
  const more = others.length === 0 ? "" : ` and ${String(others.length)} more kinds`;
  const unseen = first === undefined ? null : `${first}${more}`;
  return alongWith(object, { owned: () => indexOwned(owned), unseenIn: () => unseen, rules });
}

/** Metadata alone: what the Secret holds never comes here. */
async function find({ object }: CleanupChange, more: string, api: Api): Promise<SecretMeta | null> {
  const { namespace, name } = object;
  const fieldSelector = `metadata.name=${name}${more}`;
  let found: Json | null = null;
  for await (const { items } of api.list("", "v1", "secrets", { namespace, as: "metadata", fieldSelector }))
    found ??= items[0] ?? null;
  return found === null ? null : KINDS.secrets.project(found, (await createContext(null)).context);
}
