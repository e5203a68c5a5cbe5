import { podFinished } from "../../batch/finish.ts";
import type { Owners } from "../../batch/owners.ts";
import { staleStates, type State } from "../../batch/stale.ts";
import { jobOutcome } from "../../batch/finish.ts";
import type { CleanupItem, CleanupRules } from "../../model/cleanup.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Job, Pod } from "../../model/workload.ts";
import { isNamed, type Around } from "./eligible.ts";

/** A Job or pod that the selection names, with what its verdict needs. A pod that goes with its Job is none. */
export interface Candidate {
  object: Job | Pod;
  state: CleanupItem["state"];
  because: string;
  owner: CleanupItem["owner"];
  around: Around;
}

/**
 * Every Job that is asked for, and every such pod that does not go with one of them that has finished: finished ones, and of
 * the others those that were named.
 */
export function candidatesAmong(
  snapshot: Snapshot,
  owners: Owners,
  isAsked: (object: Job | Pod) => boolean,
  rules: CleanupRules,
): Candidate[] {
  const stale = staleStates(snapshot, owners);
  const byUid = new Map(snapshot.jobs.map((job) => [job.meta.uid, job]));
  const found: Candidate[] = [];
  const add = (object: Job | Pod, around: Around): void => {
    const item = stale.get(object);
    const [state, because] = item === undefined ? (["active", activity(object)] as const) : [item.state, item.because];
    if (rules.states.length > 0 && !rules.states.some((one) => one === state)) return;
    found.push({ object, state, because, owner: owners.ownership(object).owner, around });
  };
  for (const job of snapshot.jobs) {
    if (!isAsked(job)) continue;
    const item = stale.get(job);
    add(job, {
      job: "none",
      cronJob: owners.cronJobOf(job),
      hung: item?.state === "hung" ? item.because : null,
      pods: owners.podsOf(job),
    });
  }
  for (const pod of snapshot.pods) {
    if (!isLeft(pod, stale, rules) || !isAsked(pod)) continue;
    const own = owners.jobOf(pod);
    if (own !== null && isAsked(own) && goesAlong(pod, own, rules)) continue;
    const job = own ?? jobOf(pod, owners, byUid);
    add(pod, { job, cronJob: typeof job === "object" ? owners.cronJobOf(job) : null, hung: null, pods: [] });
  }
  return found;
}

/** Finished batch pods, and others by name alone: what runs is nobody's leftover. */
function isLeft(pod: Pod, stale: ReadonlyMap<Job | Pod, State>, rules: CleanupRules): boolean {
  return isNamed(rules, pod) || (stale.has(pod) && (podFinished(pod) || stale.get(pod)!.state === "orphaned"));
}

/** With a finished Job its pods go; of one that is still running the finished pods are told apart, because they stay. */
function goesAlong(pod: Pod, job: Job, rules: CleanupRules): boolean {
  return !isNamed(rules, pod) && (jobOutcome(job) !== null || isNamed(rules, job));
}

/** The Job of a pod that no Job in the evidence controls, or why there is none. */
function jobOf(pod: Pod, owners: Owners, byUid: ReadonlyMap<string, Job>): Around["job"] {
  const ownership = owners.ownership(pod);
  switch (ownership.state) {
    case "gone":
      return "gone";
    case "released":
      // The Job that made it is still there, and takes it back where it is not done.
      return byUid.get(ownership.owner?.uid ?? "") ?? "released";
    case "unseen":
      return "unseen";
    case "present":
      return ownership.object.kind === "Job" ? ownership.object : "none";
    case "none":
    case "foreign":
      return "none";
  }
}

function activity(object: Job | Pod): string {
  if (object.kind === "Pod") return `phase ${object.phase}`;
  const { active } = object;
  return `${String(active)} active ${active === 1 ? "pod" : "pods"}`;
}
