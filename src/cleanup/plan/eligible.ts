import { duration } from "../../batch/durations.ts";
import { holders } from "../../batch/deletion.ts";
import { jobFinishedAt, jobOutcome, podFinished } from "../../batch/finish.ts";
import type { CleanupItem, CleanupRules, Refusal } from "../../model/cleanup.ts";
import type { CronJob, Job, Pod } from "../../model/workload.ts";
import { PROTECT_ANNOTATION } from "../../model/annotations.ts";
import { isMirror } from "../../rbac/pods.ts";
import { ageOf } from "./age.ts";
import { managedBy } from "./managed.ts";
import { isProtected, isProtectedNamespace } from "./protected.ts";

/** What the verdict on one object needs besides the object. */
export interface Around {
  /**
   * Of a pod: the Job that controls it or made it; `gone` and `released` for one that was orphaned, `unseen` where the Job
   * is not in the evidence and that proves nothing. Of a Job: `none`.
   */
  job: Job | "none" | "gone" | "released" | "unseen";
  /** The CronJob that controls it, or its Job. */
  cronJob: CronJob | null;
  /** Of a Job: why it counts as hung (batch/hung.ts), or null. */
  hung: string | null;
  /** Of a Job: its pods, as far as they were seen. */
  pods: readonly Pod[];
}

/** What the rules say of one object. */
export type Verdict = Pick<CleanupItem, "decision" | "needsBecause" | "refusal" | "refusedBecause">;

const SAFE: Verdict = { decision: "delete", needsBecause: null, refusal: null, refusedBecause: null };

/** The verdict of what may not be deleted at all. */
export function refuse(refusal: Refusal, refusedBecause: string): Verdict {
  return { decision: "refuse", needsBecause: null, refusal, refusedBecause };
}

/** The verdict of what needs a choice of its own. */
export function choose(needsBecause: string): Verdict {
  return { decision: "choose", needsBecause, refusal: null, refusedBecause: null };
}

/**
 * The rules of judgement for one Job or pod without what would go along: the plan, and once more what a deletion finds just
 * before it. `now` in milliseconds. Whatever is not surely finished, free and old enough is refused or left to a choice.
 */
export function eligible(object: Job | Pod, around: Around, rules: CleanupRules, now: number): Verdict {
  return (
    (object.kind === "Job" ? unfinishedJob(object, around, rules) : unfinishedPod(object, around, rules)) ??
    beingDeleted(object) ??
    guarded(object, around, rules) ??
    withoutTtl(object, rules) ??
    tooYoung(object, rules, now) ??
    SAFE
  );
}

/** True where the command line named this object, and not only its kind or its owner. */
export function isNamed({ named }: CleanupRules, { kind, meta }: Job | Pod | CronJob): boolean {
  return named.some((one) => one.kind === kind && one.name === meta.name && one.namespace === meta.namespace);
}

/** True where what runs may be ended: only by its own name, and with --stop-running. */
export function mayStop(rules: CleanupRules, object: Job | Pod): boolean {
  return rules.stopRunning && isNamed(rules, object);
}

function unfinishedJob(job: Job, { hung, pods }: Around, rules: CleanupRules): Verdict | null {
  const running = pods.find((pod) => !podFinished(pod));
  if (jobOutcome(job) !== null) {
    if (running === undefined || mayStop(rules, job)) return null;
    return refuse("active", `has finished, but its pod/${running.meta.name} has not`);
  }
  if (job.spec.suspend) return refuse("suspended", "is suspended: it is yet to run");
  if (hung === null) return refuse("active", "is still running");
  if (mayStop(rules, job)) return null;
  return refuse("active", `is still running, and seems to hang: ${hung}; only its name and --stop-running end it`);
}

function unfinishedPod(pod: Pod, { job }: Around, rules: CleanupRules): Verdict | null {
  if (isMirror(pod)) return refuse("recreated", "its node's kubelet would make it anew from a file");
  if (job === "unseen")
    return refuse("unfinished-job", "its Job was not seen: unless it has finished, it would run the pod again");
  if (typeof job === "object" && jobOutcome(job) === null)
    return refuse("unfinished-job", `its job/${job.meta.name} has not finished, and would run it again`);
  if (podFinished(pod)) return null;
  const isOrphan = job === "gone" || job === "released";
  if (isOrphan && mayStop(rules, pod)) return null;
  return refuse("active", isOrphan ? "is still running; only its name and --stop-running end it" : "is still running");
}

function beingDeleted(object: Job | Pod): Verdict | null {
  const held = holders(object);
  if (object.meta.deletionTimestamp !== null) {
    return held.length > 0
      ? refuse("finalizer", `is being deleted already, and finalizer ${held.join(", ")} holds it`)
      : refuse("being-deleted", "is being deleted already");
  }
  return held.length > 0 ? refuse("finalizer", `finalizer ${held.join(", ")} would hold its deletion`) : null;
}

/** What somebody wants kept. */
function guarded(object: Job | Pod, { job, cronJob, pods }: Around, rules: CleanupRules): Verdict | null {
  const { namespace } = object.meta;
  const owners = [...(typeof job === "object" ? [job] : []), ...(cronJob === null ? [] : [cronJob])];
  const chain = [object, ...owners];
  const keeper = [...chain, ...pods].find(({ meta }) => isProtected(meta));
  if (keeper !== undefined) {
    const who = keeper === object ? "it" : `its ${keeper.kind.toLowerCase()}/${keeper.meta.name}`;
    return refuse("protected", `${who} carries the annotation ${PROTECT_ANNOTATION}`);
  }
  const named = chain.some((one) => isNamed(rules, one));
  if (isProtectedNamespace(namespace) && !named && !rules.namespaces.includes(namespace!))
    return refuse("protected-namespace", `namespace ${namespace!} is protected: name it with -n`);
  // A pod goes on being what its Job is.
  for (const one of [object, ...owners]) {
    const manager = one.kind === "CronJob" || named ? null : managedBy(one);
    if (manager !== null) return refuse("managed", `${manager}: name it, if it is to go all the same`);
  }
  return null;
}

/** A TTL counts from the condition that ended a Job (pkg/controller/ttlafterfinished). */
function withoutTtl(object: Job | Pod, { by }: CleanupRules): Verdict | null {
  if (by !== "ttl") return null;
  if (object.kind === "Pod") return refuse("no-ttl", "a pod has no TTL: only a request that deletes it does");
  if (jobOutcome(object) === null) return refuse("no-ttl", "it has not finished, and a TTL counts from then");
  if (jobFinishedAt(object) === null) return refuse("no-ttl", "nothing says when it finished: its TTL would never end");
  return null;
}

/** By finish time; nothing is taken for old enough that only may be. */
function tooYoung(object: Job | Pod, { olderThanSeconds }: CleanupRules, now: number): Verdict | null {
  const isUnfinished = object.kind === "Job" ? jobOutcome(object) === null : !podFinished(object);
  // Named, and to be stopped.
  if (isUnfinished) return null;
  const { seconds, isBound } = ageOf(object, now);
  if (seconds === null) return refuse("age-unknown", "nothing says when it finished or was created");
  if (olderThanSeconds !== null && seconds < olderThanSeconds) {
    const most = isBound ? " at most" : "";
    return refuse("too-young", `finished${most} ${duration(seconds)} ago, less than ${duration(olderThanSeconds)}`);
  }
  if (!isBound) return null;
  return choose(`finished at most ${duration(seconds)} ago: nothing says when`);
}
