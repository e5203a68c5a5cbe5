import { jobFinishedAt, jobOutcome, podFinished, podFinishedAt, podStartedAt } from "../batch/finish.ts";
import { instant } from "../batch/time.ts";
import { later } from "./windows.ts";
import type { Time } from "../model/object.ts";
import type { Job, Pod } from "../model/workload.ts";
import type { Found, User } from "./class.ts";
import type { ExposureContext } from "./context.ts";

/** One stretch in which a run used a credential; `end` null while it still does. */
export interface Use {
  start: Time;
  end: Time | null;
}

/**
 * When the pod's containers of these names ran (null: all of its containers). A restarted container's status shows only
 * its last run, so the stretch begins with the pod.
 */
export function useOf(pod: Pod, containers: readonly string[] | null, context: ExposureContext): Use | null {
  const start = podStartedAt(pod) ?? (podFinished(pod) ? pod.meta.creationTimestamp : null);
  if (start === null) return null;
  const ended = lastEnd(pod, containers);
  if (ended !== null) return { start, end: ended };
  return { start, end: podFinished(pod) ? (podFinishedAt(pod) ?? context.takenAt) : null };
}

/** When the last of these containers ended; null where one of them has not, or none is known. */
function lastEnd(pod: Pod, containers: readonly string[] | null): Time | null {
  let last: Time | null = null;
  for (const one of pod.containers) {
    if (containers !== null && !containers.includes(one.name)) continue;
    if (one.state !== "terminated" || one.finishedAt === null) return null;
    last = later(last, one.finishedAt);
  }
  return last;
}

/** When a Job of which no pod is left ran: from its startTime to its end. A suspended Job has no startTime. */
function jobUse(job: Job, context: ExposureContext): Use | null {
  if (job.startTime === null) return null;
  return { start: job.startTime, end: jobOutcome(job) === null ? null : (jobFinishedAt(job) ?? context.takenAt) };
}

/**
 * The stretch in which this carrier's run used the credential; null for a CronJob, which runs nothing itself, and for a
 * Job whose pods are seen, because they say it more exactly.
 */
export function useOfCarrier(found: User, context: ExposureContext): Use | null {
  const { source, containers } = found;
  if (source.kind === "Pod") return useOf(source, containers, context);
  if (source.kind === "CronJob" || context.owners.podsOf(source).length > 0) return null;
  return jobUse(source, context);
}

const NONE: Use[] = [];

/** The stretches in which runs used the credential: those of all users, or of the carrier itself. */
export function usesOfCarrier(found: Found, context: ExposureContext): Use[] {
  const { users } = found;
  if (users !== undefined) return users.map((user) => useOfCarrier(user, context)).filter((use) => use !== null);
  const use = useOfCarrier(found, context);
  return use === null ? NONE : [use];
}

/** A Use as milliseconds; an open one ends at Infinity. Unreadable times make it null. */
export function useInterval(use: Use): { from: number; to: number } | null {
  const from = instant(use.start);
  const to = use.end === null ? Infinity : instant(use.end);
  return from === null || to === null ? null : { from, to };
}
