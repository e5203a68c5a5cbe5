import type { Time } from "../model/object.ts";
import type { Retention } from "../model/report.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import {
  deletionUnderWay,
  ending,
  overdue,
  releasesDependents,
  title,
  unlessHeld,
  withOwner,
  type Ending,
} from "./deletion.ts";
import { byHistory } from "./by-history.ts";
import { jobFinishedAt, jobOutcome } from "./finish.ts";
import type { Owners } from "./owners.ts";
import { mayTake, withNode } from "./pod-gc.ts";
import { instant, toTime } from "./time.ts";

/**
 * What will remove the object, and when. The earliest mechanism governs; `why` also says what the others do.
 * `isBound` marks a time (or, where `deletesAt` is null, an end at an unknown time) that depends on what is yet to happen;
 * it is false with `none`, which says that no end is known, not that there is none. TTL: pkg/controller/ttlafterfinished; history
 * limits: pkg/controller/cronjob; owners and finalizers: pkg/controller/garbagecollector; nodes: pkg/controller/podgc.
 */
export function retention(object: CronJob | Job | Pod, owners: Owners): Retention {
  const judged = deletionUnderWay(object, owners) ?? unlessHeld(judge(object, owners), object, owners);
  const { governedBy, deletesAt, isBound, assumes, why, overdueSeconds, afterRuns } = judged;
  const at = deletesAt === null ? null : written(deletesAt, owners);
  return { governedBy, deletesAt: at, isBound, assumes, why, overdueSeconds, afterRuns };
}

const times = new WeakMap<Owners, Map<number, Time>>();

/** A Job and its pods go at one time, which is written once. */
function written(at: number, owners: Owners): Time {
  return times.getOrInsertComputed(owners, () => new Map<number, Time>()).getOrInsertComputed(at, () => toTime(at));
}

function judge(object: CronJob | Job | Pod, owners: Owners): Ending {
  switch (object.kind) {
    case "CronJob":
      return ofCronJob(object, owners);
    case "Job":
      return ofJob(object, owners);
    case "Pod":
      return ofPod(object, owners);
  }
}

function ofCronJob(cronJob: CronJob, owners: Owners): Ending {
  const ownership = owners.ownership(cronJob);
  if (ownership.state === "none" || ownership.state === "released") return none("stays until somebody deletes it");
  const { kind, name } = ownership.owner;
  return ending("owner", null, `goes with its ${kind.toLowerCase()}/${name}`);
}

const endings = new WeakMap<Owners, Map<Job, Ending>>();

/** Judged once for the Job and its pods. */
function ofJob(job: Job, owners: Owners): Ending {
  return endings
    .getOrInsertComputed(owners, () => new Map<Job, Ending>())
    .getOrInsertComputed(job, () => judgeJob(job, owners));
}

function judgeJob(job: Job, owners: Owners): Ending {
  const mechanisms = [withOwner(job, owners), byTtl(job, owners.takenAt), byHistory(job, owners)].filter(
    (one) => one !== null,
  );
  const applying = mechanisms.filter(({ governedBy }) => governedBy !== "none");
  if (applying.length > 0) return earliest(applying, owners.takenAt);
  const afterRuns = mechanisms.find((one) => one.afterRuns !== null)?.afterRuns ?? null;
  return { ...none([...mechanisms.map(({ why }) => why), ...reasonsForNone(job, owners)].join("; ")), afterRuns };
}

/** The ending that comes first, with what may come sooner than it, and what comes in any case. */
function earliest(endings: readonly Ending[], takenAt: number): Ending {
  const [first, ...rest] = endings.toSorted(byTime) as [Ending, ...Ending[]];
  // Whatever goes by another clock, or by runs that may be quicker than usual, may come sooner than a time that is known.
  const sooner = rest.filter(({ deletesAt, notBefore }) => deletesAt === null || notBefore < (first.deletesAt ?? 0));
  const sure = first.assumes === null ? undefined : rest.find((one) => one.deletesAt !== null && one.assumes === null);
  const also = sure?.deletesAt == null ? [] : [`otherwise ${toTime(sure.deletesAt)}: ${sure.why}`];
  const why = [first.why, ...sooner.map((one) => `or sooner: ${one.why}`), ...also].join("; ");
  // A later deletion in the background takes back the order of one in the foreground that has not ended; one that only may
  // come first as well.
  const rivals = rest.filter(({ deletesAt, order }) => (deletesAt ?? Infinity) <= takenAt && order !== first.order);
  const order = rivals.length > 0 ? "either" : first.order;
  return { ...first, isBound: first.isBound || sooner.length > 0, why, order };
}

function byTime(a: Ending, b: Ending): number {
  if (a.deletesAt === b.deletesAt) return 0;
  return (a.deletesAt ?? Infinity) < (b.deletesAt ?? Infinity) ? -1 : 1;
}

/** spec.ttlSecondsAfterFinished, counted from the condition that ended the Job; deletes in the foreground. */
function byTtl(job: Job, takenAt: number): Ending | null {
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === null) return null;
  if (jobOutcome(job) === null) return ending("ttl", null, `goes ${String(ttl)} s (TTL) after it finishes`);
  const finished = instant(jobFinishedAt(job));
  if (finished === null) return none("its TTL never ends: the condition that ended it has no time");
  const at = finished + ttl * 1000;
  const overdueSeconds = overdue(at, takenAt);
  const late = overdueSeconds === null ? "" : "; overdue: the TTL controller is not deleting";
  const why = `TTL of ${String(ttl)} s after it finished${late}`;
  return { ...ending("ttl", at, why, "foreground"), isBound: false, overdueSeconds };
}

function ofPod(pod: Pod, owners: Owners): Ending {
  const own = withOwner(pod, owners) ?? withJob(pod, owners);
  const node = withNode(pod, owners);
  if (own.governedBy !== "none") return node === null ? own : earliest([own, node], owners.takenAt);
  if (node !== null) return { ...node, why: `${node.why}; otherwise ${own.why}` };
  return { ...own, why: own.why + mayTake(pod, owners) };
}

function withJob(pod: Pod, owners: Owners): Ending {
  const job = owners.jobOf(pod);
  if (job === null) return none(reasonsForNone(pod, owners).join("; "));
  if (releasesDependents(job)) return none(`${title(job)} is being deleted without its pods`);
  const ofItsJob = ofJob(job, owners);
  // In the foreground a pod goes before its Job, in the background after: then it waits for what holds the Job.
  const end = ofItsJob.order === "foreground" ? ofItsJob : unlessHeld(ofItsJob, job, owners);
  return { ...end, why: `with ${title(job)}: ${end.why}` };
}

/** Why no mechanism applies: the usual ways in which a Job or pod escapes them. */
function reasonsForNone(object: Job | Pod, owners: Owners): string[] {
  const ownership = owners.ownership(object);
  if (ownership.state === "released") return [`${ownership.because}, and no owner is left to take it along`];
  if (object.kind === "Pod") return ["no owner takes it along"];
  const ttl = object.spec.ttlSecondsAfterFinished === null ? ["it has no TTL"] : [];
  if (ownership.state === "none") return [...ttl, "no CronJob owns it"];
  if (ownership.state !== "present") return ttl;
  if (releasesDependents(ownership.object as CronJob))
    return [...ttl, `${title(ownership.object)} is being deleted without its Jobs`];
  if (!ownership.controller) {
    return [...ttl, `${title(ownership.object)} owns it without controlling it, so its history limits do not count it`];
  }
  return ttl;
}

function none(why: string): Ending {
  return ending("none", null, why);
}
