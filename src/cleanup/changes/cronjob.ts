import { createContext } from "../../evidence/context.ts";
import { KINDS } from "../../evidence/kinds/index.ts";
import type { Json } from "../../model/api.ts";
import type { Also, CleanupChange, CronJobPatch } from "../../model/cleanup.ts";
import type { ChangeDone } from "../../model/journal.ts";
import type { CronJob, Job } from "../../model/workload.ts";
import { pathOfObject, survivable } from "../bundle/fetch.ts";
import { look } from "../look.ts";
import { takenAtOnce } from "../plan/taken.ts";
import { askedFor, refusesChange } from "../plan/ways.ts";
import type { Kept } from "../recheck.ts";
import type { Work } from "../work.ts";
import type { LookAgain, Sight } from "./make.ts";

/** Judges a change of a CronJob again, on a read of this moment. `chosen`: uids of what is deleted before it. */
export function ofCronJob(
  change: CleanupChange,
  also: Also,
  { chosen, kept }: { chosen: ReadonlySet<string>; kept: Kept },
  work: Work,
): LookAgain {
  const { api, rules, journal } = work;
  return async (wasAsked) => {
    const found = await look(api, change);
    switch (found.state) {
      case "gone":
        return settled("already", "it is gone");
      case "replaced":
        return settled("refused", "another object has its name now, which nobody judged");
      case "unread":
        return settled(wasAsked ? "unknown" : "failed", `could not be read: ${found.because}`);
      case "there":
    }
    const { context } = await createContext(null);
    const cronJob = KINDS.cronjobs.project(found.raw, context);
    const again = askedFor(cronJob, also);
    if (again === null) return settled(...standing(wasAsked));
    const refused = refusesChange(cronJob, also, rules) ?? otherThanJudged(change, again) ?? unkept(change, kept);
    if (refused !== null) return settled("refused", refused);
    const taken = also.way === "history-limit" ? await wouldTake(cronJob, again.patch, chosen, work) : null;
    if (taken !== null) return settled("refused", taken);
    const { resourceVersion } = found;
    const patch: Json = { metadata: { uid: change.object.uid, resourceVersion }, ...again.patch };
    return { resourceVersion, send: () => api.patch(pathOfObject(change), patch, journal === null) };
  };
}

function settled(outcome: ChangeDone["outcome"], because: string): Sight {
  return { done: { outcome, because } };
}

function standing(wasAsked: boolean): [ChangeDone["outcome"], string] {
  return wasAsked ? ["done", "changed, and read as changed"] : ["already", "it is so already"];
}

/** Whatever else the CronJob says, the fields that are changed have to hold what they held when it was judged. */
function otherThanJudged(change: CleanupChange, again: Pick<CleanupChange, "patch" | "diff">): string | null {
  const text = ({ patch, diff }: Pick<CleanupChange, "patch" | "diff">): string => JSON.stringify([patch, diff]);
  return text(change) === text(again) ? null : "judged again, it would be another change than the plan's";
}

/** The evidence has to hold the CronJob as it was before; whatever its status says since is no matter. */
function unkept({ object }: CleanupChange, kept: Kept): string | null {
  return kept === null || kept.has(object.uid ?? "") ? null : "its evidence was not preserved";
}

/**
 * What the controller would delete by the lower limit at once, in words; null where that is nothing. In a dry run, which deletes
 * nothing before, what is chosen may still be there. A run that finishes after this read pushes one out: there is no precondition
 * for that.
 */
async function wouldTake(
  cronJob: CronJob,
  patch: CronJobPatch,
  chosen: ReadonlySet<string>,
  work: Work,
): Promise<string | null> {
  const jobs = await jobsIn(cronJob.meta.namespace, work);
  if (!Array.isArray(jobs)) return `what would go at once by it could not be read: ${jobs.because}`;
  const taken = takenAtOnce(cronJob, patch, jobs);
  const isDryRun = work.journal === null;
  const [first] = taken.filter(({ meta }) => !(isDryRun && chosen.has(meta.uid)));
  if (first === undefined) return null;
  return chosen.has(first.meta.uid)
    ? `job/${first.meta.name} would go at once by it, and was to be deleted before`
    : `job/${first.meta.name} would go at once by it, and is not among what was chosen: it finished since, or was not judged`;
}

async function jobsIn(namespace: string | null, { api }: Work): Promise<Job[] | { because: string }> {
  const { context } = await createContext(null);
  const found: Job[] = [];
  try {
    for await (const { items, restarted } of api.list("batch", "v1", "jobs", { namespace })) {
      if (restarted) found.length = 0;
      for (const item of items) found.push(KINDS.jobs.project(item, context));
    }
    return found;
  } catch (error) {
    return { because: survivable(error).message };
  }
}
