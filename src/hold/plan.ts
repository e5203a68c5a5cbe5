import { withOwner } from "../batch/deletion.ts";
import { isReplaced } from "../batch/forecast.ts";
import { refOf, type Owners } from "../batch/owners.ts";
import { refusesUpdates } from "../batch/refused.ts";
import { retention } from "../batch/retention.ts";
import { selects } from "../batch/select.ts";
import { instant } from "../batch/time.ts";
import type { HoldChange } from "../model/hold.ts";
import type { ObjectRef } from "../model/object.ts";
import type { Selection } from "../model/selection.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import { changesTo, fieldsOf, NO_LIMIT, type Fields } from "./fields.ts";

/** One object to change, by one patch. */
export interface HoldStep {
  object: ObjectRef;
  resourceVersion: string;
  changes: HoldChange[];
  because: string;
}

/** Why an object is left as it is. */
export interface Left {
  object: ObjectRef;
  because: string;
}

/** What a hold does. */
export interface HoldPlan {
  /** What goes first comes first. */
  steps: HoldStep[];
  /** In need of no change. */
  already: Left[];
  /** No change of theirs would keep them. */
  cannot: Left[];
}

/** Everything that a selection concerns: what it names, what would eat that, and what is eaten with it. */
export interface Concerned {
  /** True: to be suspended as well. */
  cronJobs: Map<CronJob, boolean>;
  jobs: Job[];
  barePods: Pod[];
}

/**
 * What keeps the selected objects. A CronJob is suspended and prunes nothing, and none of its Jobs has a TTL. A Job alone
 * keeps its CronJob from pruning it, and suspends that only where the next run would replace it. A pod stays with its Job.
 */
export function planHold(snapshot: Snapshot, selection: Selection, owners: Owners): HoldPlan {
  const { cronJobs, jobs, barePods } = concerned(snapshot, selection, owners);
  const plan: HoldPlan = { steps: [], already: [], cannot: barePods.map(ofBarePod) };
  const dated: { step: HoldStep; at: number }[] = [];
  const add = (object: CronJob | Job, wanted: Fields, because: string, cannot: string | null): void => {
    const changes = changesTo(wanted, fieldsOf(object));
    const ref = refOf(object);
    if (cannot !== null) plan.cannot.push({ object: ref, because: cannot });
    else if (changes.length === 0) plan.already.push({ object: ref, because: alreadyBecause(object) });
    else {
      const step = { object: ref, resourceVersion: object.meta.resourceVersion, changes, because };
      dated.push({ step, at: goesAt(object, owners) });
    }
  };
  for (const [cronJob, suspend] of cronJobs) {
    const limits = { successfulJobsHistoryLimit: NO_LIMIT, failedJobsHistoryLimit: NO_LIMIT };
    const because = suspend ? "no run follows, and none is pruned" : "none of its runs is pruned; runs go on";
    add(cronJob, suspend ? { suspend, ...limits } : limits, because, cronJobCannot(cronJob));
  }
  for (const job of jobs) {
    add(job, { ttlSecondsAfterFinished: null }, "it stays after it has finished", jobCannot(job, owners));
  }
  plan.steps = dated.sort((a, b) => compare(a.at, b.at)).map(({ step }) => step);
  return plan;
}

/** Names decide first; then every Job of a selected CronJob, and whatever counts a selected Job. */
export function concerned(snapshot: Snapshot, selection: Selection, owners: Owners): Concerned {
  const isSelected = (object: CronJob | Job | Pod): boolean => selects(selection, object, owners);
  const cronJobs = new Map(snapshot.cronjobs.filter(isSelected).map((one) => [one, true]));
  const selectedPods = snapshot.pods.filter(isSelected);
  const named = new Set(selectedPods.map((pod) => owners.jobOf(pod)));
  const jobs = snapshot.jobs.filter((job) => {
    if (isSelected(job) || named.has(job)) return true;
    const counter = owners.counterOf(job)?.cronJob;
    return [owners.cronJobOf(job), counter].some((one) => one != null && cronJobs.has(one));
  });
  for (const job of jobs) {
    const counter = owners.counterOf(job)?.cronJob;
    if (counter === undefined) continue;
    cronJobs.set(counter, (cronJobs.get(counter) ?? false) || isReplaced(job, counter));
  }
  const barePods = selection.objects.some(({ kind }) => kind === "Pod")
    ? selectedPods.filter((pod) => owners.jobOf(pod) === null)
    : [];
  return { cronJobs, jobs, barePods };
}

function ofBarePod(pod: Pod): Left {
  return { object: refOf(pod), because: "no Job that is seen controls it, and no field of a pod keeps it" };
}

function cronJobCannot(cronJob: CronJob): string | null {
  if (cronJob.meta.deletionTimestamp !== null) return "it is being deleted, and its Jobs with it";
  const refused = refusesUpdates(cronJob);
  return refused === null ? null : `the API server refuses every change that leaves its schedule as it is: ${refused}`;
}

function jobCannot(job: Job, owners: Owners): string | null {
  if (job.meta.deletionTimestamp !== null) return "it is being deleted";
  const byOwner = withOwner(job, owners);
  return byOwner !== null && byOwner.deletesAt !== null ? byOwner.why : null;
}

function alreadyBecause(object: CronJob | Job): string {
  if (object.kind === "Job") return "it has no TTL";
  return object.suspend ? "it is suspended, and its limits prune nothing" : "its limits prune nothing";
}

/** When the object, or the first of its Jobs, goes; in milliseconds. */
function goesAt(object: CronJob | Job, owners: Owners): number {
  const all = object.kind === "Job" ? [object] : owners.jobsOf(object);
  return all.reduce((first, one) => Math.min(first, instant(retention(one, owners).deletesAt) ?? Infinity), Infinity);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Names the step's object as kubectl does: `cronjob/backup`. */
export function titleOf(object: Pick<ObjectRef, "kind" | "name">): string {
  return `${object.kind.toLowerCase()}/${object.name}`;
}
