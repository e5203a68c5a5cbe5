import type { CleanupChange } from "../../model/cleanup.ts";
import type { ChosenItem } from "../../model/journal.ts";
import { look } from "../look.ts";
import type { Candidate } from "../plan/candidates.ts";
import { lookAgain, refusal } from "../recheck.ts";
import type { Fresh, Kept } from "../recheck.ts";
import type { Work } from "../work.ts";

/**
 * The chosen object that each of these changes follows from, or null, in their order: judged again on a look of this moment, whatever
 * the plan says of it. A CronJob is changed for a Job that it controls, or for a pod of such a Job; a token's Secret goes for what names
 * it, is as it was judged, may go now, and was preserved. Throws ApiError where no request can succeed.
 */
export async function vouchersOf(
  changes: readonly CleanupChange[],
  chosen: readonly ChosenItem[],
  kept: Kept,
  work: Work,
): Promise<(string | null)[]> {
  const found = new Map<CleanupChange, string>();
  for (const [namespace, here] of Map.groupBy(changes, ({ object }) => object.namespace)) {
    const claimed = new Set(here.flatMap(({ items }) => items));
    const among = chosen.filter(({ object }) => object.namespace === namespace && claimed.has(object.uid ?? ""));
    if (among.length === 0) continue;
    work.progress("looking at what the changes go with");
    const fresh = await lookAgain(among, work);
    for (const change of here) {
      const by = await voucherOf(change, among, { fresh, kept }, work);
      if (by !== null) found.set(change, by);
    }
  }
  return changes.map((change) => found.get(change) ?? null);
}

async function voucherOf(
  { way, object, items }: CleanupChange,
  among: readonly ChosenItem[],
  grounds: { fresh: Fresh; kept: Kept },
  work: Work,
): Promise<string | null> {
  const claimed = new Set(items);
  for (const item of among) {
    const uid = item.object.uid ?? "";
    const candidate = claimed.has(uid) ? grounds.fresh.candidates.get(uid) : undefined;
    if (candidate === undefined) continue;
    const follows =
      way === "delete-token"
        ? names(candidate, object.name) && (await stands(item, grounds, work))
        : isOf(candidate, object.uid);
    if (follows) return uid;
  }
  return null;
}

/** True where the CronJob controls the Job, or that of the pod, gone or not. */
function isOf({ object, around }: Candidate, cronJob: string | null): boolean {
  const job = object.kind === "Job" ? object : around.job;
  return (
    typeof job === "object" && job.meta.ownerReferences.some(({ controller, uid }) => controller && uid === cronJob)
  );
}

/** True where the object, or a pod of the Job, names the Secret. */
function names({ object, around }: Candidate, secret: string): boolean {
  const own = object.kind === "Job" ? object.spec.template : object.template;
  return [own, ...around.pods.map(({ template }) => template)].some(({ secretReferences }) =>
    secretReferences.some((one) => one.secret === secret),
  );
}

/** True where it could be deleted now: the same rules as just before its deletion. */
async function stands(item: ChosenItem, { fresh, kept }: { fresh: Fresh; kept: Kept }, work: Work): Promise<boolean> {
  const uid = item.object.uid ?? "";
  // Before the read, because there may be thousands of them.
  if (fresh.items.get(uid)?.decision === "refuse" || fresh.versions.get(uid) !== item.resourceVersion) return false;
  if (kept !== null && kept.get(uid) !== item.resourceVersion) return false;
  const found = await look(work.api, item);
  return found.state === "there" && refusal(item, found.raw, fresh, kept, work) === null;
}
