import { integerAt, objectAt } from "../evidence/json.ts";
import type { ApiFailure, Json } from "../model/api.ts";
import type { By } from "../model/cleanup.ts";
import type { ChosenItem, Done } from "../model/journal.ts";
import { pathOfObject, survivable } from "./bundle/fetch.ts";
import { look } from "./look.ts";
import type { Found } from "./look.ts";
import { refusal } from "./recheck.ts";
import type { Fresh, Kept } from "./recheck.ts";
import type { Work } from "./work.ts";

/** How often one deletion is asked for where reads show that the requests before did nothing. */
const MOST_TRIES = 3;

/** What a deletion goes by. */
export interface Grounds {
  fresh: Fresh;
  kept: Kept;
  /** True where a cleanup that was interrupted has asked for it already, and no answer was written down. */
  wasAsked: boolean;
}

/**
 * Deletes one chosen object, where it still is what was judged. A request without an answer is resolved by a read, and asked
 * for again only where that shows the object unchanged. Throws where no request can succeed, or the journal cannot be written;
 * then the journal holds an intent without outcome.
 */
export async function removeOne(item: ChosenItem, grounds: Grounds, work: Work): Promise<Done> {
  const uid = item.object.uid ?? "";
  let wasAsked = grounds.wasAsked;
  let last = "";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await work.reached("read");
    const found = await look(work.api, item);
    const settled = settledBy(found, wasAsked) ?? standing(found, item, wasAsked, work);
    if (settled !== null) return settled;
    if (found.state !== "there") break;
    if (wasAsked) await work.journal?.write({ step: "unchanged", uid });
    wasAsked = false;
    const because = refusal(item, found.raw, grounds.fresh, grounds.kept, work);
    if (because !== null) return { outcome: "refused", because, by: null };
    if (found.resourceVersion !== item.resourceVersion)
      return { outcome: "refused", because: "changed since it was judged", by: null };
    const asked = await ask(item, work);
    if ("done" in asked) return asked.done;
    if (asked.failure.status === 409) return conflict(await look(work.api, item), asked.failure);
    last = asked.failure.message;
    wasAsked = true;
  }
  const found = await look(work.api, item);
  const stands = standing(found, item, wasAsked, work);
  if (stands !== null) return stands;
  if (wasAsked && found.state === "there" && found.going === null) {
    await work.journal?.write({ step: "unchanged", uid });
    return { outcome: "failed", because: last, by: null };
  }
  return settledBy(found, wasAsked) ?? { outcome: "failed", because: last, by: null };
}

/** What a read alone decides; null where the object is there and nobody deletes it. */
function settledBy(found: Found, wasAsked: boolean): Done | null {
  switch (found.state) {
    case "gone":
      return wasAsked
        ? { outcome: "going", because: "the request to delete it had no answer, and it is gone", by: "us" }
        : { outcome: "already-gone", because: "it was gone before this cleanup came to it", by: "other" };
    case "replaced":
      return { outcome: "replaced", because: "another object has its name now", by: wasAsked ? "us" : "other" };
    case "unread":
      return wasAsked
        ? { outcome: "unknown", because: `the request to delete it had no answer: ${found.because}`, by: null }
        : { outcome: "failed", because: `could not be read: ${found.because}`, by: null };
    case "there":
      if (found.going === null) return null;
      return wasAsked
        ? { outcome: "going", because: "the request to delete it had no answer, and it is being deleted", by: "us" }
        : { outcome: "going", because: `somebody else deletes it, since ${found.going}`, by: "other" };
  }
}

/** A TTL of 0 that was asked for without an answer, and that stands: the TTL controller has not come to the Job yet. */
function standing(found: Found, { resourceVersion }: ChosenItem, wasAsked: boolean, { rules }: Work): Done | null {
  if (rules.by !== "ttl" || !wasAsked || found.state !== "there" || found.resourceVersion === resourceVersion)
    return null;
  if (!hasNoTimeLeft(found.raw)) return null;
  return { outcome: "going", because: "the request to set its TTL had no answer, and its TTL was set to 0", by: "us" };
}

function hasNoTimeLeft(raw: Json): boolean {
  return integerAt(objectAt(raw, "spec"), "ttlSecondsAfterFinished") === 0;
}

type Asked = { done: Done } | { failure: ApiFailure };

/** One request that deletes, or has the TTL controller delete, between its intent and its outcome. */
async function ask(item: ChosenItem, { api, journal, rules, reached }: Work): Promise<Asked> {
  const uid = item.object.uid ?? "";
  const { resourceVersion } = item;
  const { cascade, by } = rules;
  const path = pathOfObject(item);
  const isDryRun = journal === null;
  await reached("intent");
  await journal?.write({ step: "intent", uid, resourceVersion, cascade, ...(by === "ttl" ? { by } : {}) });
  await reached("delete");
  try {
    // A uid that a patch names has to be the object's own.
    if (by === "ttl")
      await api.patch(path, { metadata: { uid, resourceVersion }, spec: { ttlSecondsAfterFinished: 0 } }, isDryRun);
    else await api.remove(path, { uid, resourceVersion, cascade }, isDryRun);
  } catch (error) {
    return failed(error);
  }
  await reached("deleted");
  return { done: taken(by, isDryRun) };
}

function taken(by: By, isDryRun: boolean): Done {
  if (isDryRun) {
    const because = by === "ttl" ? "the API server would set its TTL to 0" : "the API server would delete it";
    return { outcome: "dry-run", because, by: null };
  }
  const because = by === "ttl" ? "its TTL was set to 0" : "the API server took the deletion";
  return { outcome: "going", because, by: "us" };
}

/** What cannot have been carried out is an outcome; everything else is left for a read to decide. */
function failed(error: unknown): Asked {
  const failure = passing(error);
  const { status, message } = failure;
  if (status === 404)
    return { done: { outcome: "already-gone", because: "somebody else deleted it just now", by: "other" } };
  const isOpen = status === null || status === 409 || status >= 500 || status < 400;
  return isOpen ? { failure } : { done: { outcome: "failed", because: message, by: null } };
}

/** A connection that broke may stand again; only a refused identity is the end. */
function passing(error: unknown): ApiFailure {
  if (error instanceof Error && error.name === "ApiError" && (error as Error & ApiFailure).status === null)
    return error as Error & ApiFailure;
  return survivable(error);
}

function conflict(found: Found, { message }: ApiFailure): Done {
  switch (found.state) {
    case "gone":
      return { outcome: "already-gone", because: "somebody else deleted it just now", by: "other" };
    case "replaced":
      return { outcome: "replaced", because: "another object has its name now", by: "other" };
    case "there":
      if (found.going !== null)
        return { outcome: "going", because: `somebody else deletes it, since ${found.going}`, by: "other" };
      return {
        outcome: "conflict",
        because: "it changed at that moment, and the API server refused to delete it",
        by: null,
      };
    case "unread":
      return { outcome: "conflict", because: message, by: null };
  }
}
