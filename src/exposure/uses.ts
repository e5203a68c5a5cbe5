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
  const statuses = pod.containers.filter((one) => containers === null || containers.includes(one.name));
  const ended = statuses.length > 0 && statuses.every((one) => one.state === "terminated" && one.finishedAt !== null);
  if (ended) return { start, end: statuses.map((one) => one.finishedAt).reduce(later) };
  return { start, end: podFinished(pod) ? (podFinishedAt(pod) ?? context.takenAt) : null };
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

/** The stretches in which runs used the credential: those of all users, or of the carrier itself. */
export function usesOfCarrier(found: Found, context: ExposureContext): Use[] {
  const { users = [found] } = found;
  return users.map((user) => useOfCarrier(user, context)).filter((use) => use !== null);
}

/** A Use as milliseconds; an open one ends at Infinity. Unreadable times make it null. */
export function useInterval(use: Use): { from: number; to: number } | null {
  const from = instant(use.start);
  const to = use.end === null ? Infinity : instant(use.end);
  return from === null || to === null ? null : { from, to };
}
