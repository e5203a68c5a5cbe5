import { createContext } from "../../evidence/context.ts";
import { KINDS } from "../../evidence/kinds/index.ts";
import type { Api, Json } from "../../model/api.ts";
import type { CleanupChange } from "../../model/cleanup.ts";
import type { ChangeDone } from "../../model/journal.ts";
import type { SecretMeta } from "../../model/snapshot.ts";
import { pathOfObject, survivable } from "../bundle/fetch.ts";
import { refusesDeletion } from "../plan/ways.ts";
import type { Kept } from "../recheck.ts";
import type { Work } from "../work.ts";
import type { LookAgain, Sight } from "./make.ts";

const TOKEN_TYPE = "kubernetes.io/service-account-token";

/**
 * Judges the deletion of a legacy token's Secret again, on its metadata of this moment. It has to be as it was preserved, not as it
 * was planned: the API server writes the day of its use into a label.
 */
export function ofToken(change: CleanupChange, kept: Kept, work: Work): LookAgain {
  const { api, rules, journal } = work;
  return async (wasAsked) => {
    let secret: SecretMeta | null;
    try {
      secret = await find(change, "", api);
    } catch (error) {
      return settled(wasAsked ? "unknown" : "failed", `could not be read: ${survivable(error).message}`);
    }
    if (secret === null)
      return wasAsked ? settled("done", "deleted, and read as gone") : settled("already", "it is gone");
    const { uid = "" } = change.object as { uid?: string };
    const { resourceVersion } = secret.meta;
    if (secret.meta.uid !== uid) return settled("refused", "another object has its name now, which nobody judged");
    if (wasAsked && secret.meta.deletionTimestamp !== null) return settled("unknown", "it is still being deleted");
    const refused = refusesDeletion(secret, rules) ?? unkept(uid, resourceVersion, kept);
    if (refused !== null) return settled("refused", refused);
    if ((await find(change, `,type=${TOKEN_TYPE}`, api)) === null)
      return settled("refused", "it is no ServiceAccount token");
    const deletion = { uid, resourceVersion, cascade: "background" } as const;
    return { resourceVersion, send: () => api.remove(pathOfObject(change), deletion, journal === null) };
  };
}

function settled(outcome: ChangeDone["outcome"], because: string): Sight {
  return { done: { outcome, because } };
}

function unkept(uid: string, resourceVersion: string, kept: Kept): string | null {
  if (kept === null) return null;
  const version = kept.get(uid);
  if (version === undefined) return "its evidence was not preserved";
  return version === resourceVersion ? null : "it changed after it was preserved";
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
