import { jobOutcome, podFinished } from "../batch/finish.ts";
import { refOf } from "../batch/owners.ts";
import { isBatch } from "../exposure/context.ts";
import { judge, type Judgement } from "../exposure/judge.ts";
import type { ObjectRef } from "../model/object.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";

/** What each adversary is assessed from; built once for a snapshot and a position. */
export interface AssessContext {
  snapshot: Snapshot;
  /** The identity that it is replayed from, with its groups. Empty: each adversary has what the threat model gives it. */
  from: readonly SubjectRef[];
  /** All exposures, whoever reads them, built-in readers included. Of what is deleted (Snapshot.earlier) nothing is replayed. */
  judgement: Judgement;
  /** The workloads that are replayed: those at the top of an owner chain of batch work, as the selection leaves them. */
  workloads: readonly ReplayWorkload[];
  /** The same without the selection: who gets where does not depend on what is asked about. */
  all: readonly ReplayWorkload[];
}

/** A CronJob, or a Job or pod of batch work without an owner that was seen, with the runs below it. */
export interface ReplayWorkload {
  object: CronJob | Job | Pod;
  ref: ObjectRef;
  jobs: readonly Job[];
  pods: readonly Pod[];
}

/** `keeps` tells whether an object that is selected stands in the workload. */
export function assessContext(
  snapshot: Snapshot,
  from: readonly SubjectRef[],
  keeps: (workload: ReplayWorkload) => boolean,
): AssessContext {
  // What is gone cannot be attacked any more.
  const present = { ...snapshot, earlier: null };
  const judgement = judge(present, { allReaders: true });
  const all = workloadsOf(present, judgement);
  return { snapshot: present, from, judgement, workloads: all.filter(keeps), all };
}

/** True where nothing starts a container of it any more by itself: a Job or pod that has finished. */
export function isOver({ object }: Pick<ReplayWorkload, "object">): boolean {
  if (object.kind === "CronJob") return false;
  return object.kind === "Pod" ? podFinished(object) : jobOutcome(object) !== null;
}

/** True where no run is under way, and none starts before somebody resumes it. */
export function isSuspended({ object, pods }: Pick<ReplayWorkload, "object" | "pods">): boolean {
  const suspended = object.kind === "CronJob" ? object.suspend : object.kind === "Job" && object.spec.suspend;
  return suspended && !pods.some((pod) => !podFinished(pod));
}

function workloadsOf(snapshot: Snapshot, { context: { owners } }: Judgement): ReplayWorkload[] {
  const byRoot = new Map<string, { object: CronJob | Job | Pod; jobs: Job[]; pods: Pod[] }>();
  const at = (object: CronJob | Job | Pod) => {
    const root = owners.rootOf(object);
    return byRoot.getOrInsertComputed(root.meta.uid, () => ({ object: root, jobs: [], pods: [] }));
  };
  for (const one of snapshot.cronjobs) at(one);
  for (const one of snapshot.jobs) at(one).jobs.push(one);
  for (const one of snapshot.pods) if (isBatch(one, owners)) at(one).pods.push(one);
  return [...byRoot.values()].map((one) => ({ ...one, ref: refOf(one.object) }));
}
