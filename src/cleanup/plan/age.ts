import { jobFinishedAt, jobOutcome, podFinish, podStartedAt } from "../../batch/finish.ts";
import { instant } from "../../batch/time.ts";
import type { Time } from "../../model/object.ts";
import type { Job, Pod } from "../../model/workload.ts";

/** Since when an object lies there: since it finished, or, where it has not, since it started. */
export interface Age {
  finishedAt: Time | null;
  /** Null where nothing dates it. */
  seconds: number | null;
  /** True where nothing says when it finished: it is at most that old. */
  isBound: boolean;
}

/** A status may be written so much after what it tells. */
const WRITTEN_WITHIN = 60_000;

/** By finish time, never by creation; where only the creation is known, an upper bound. `now` in milliseconds. */
export function ageOf(object: Job | Pod, now: number): Age {
  const known = object.kind === "Job" ? finishOfJob(object) : finishOfPod(object);
  if (known.finished) {
    const since = known.at ?? known.notBefore;
    return { finishedAt: known.at, seconds: secondsSince(since, now), isBound: known.at === null };
  }
  const started = object.kind === "Job" ? object.startTime : podStartedAt(object);
  return {
    finishedAt: null,
    seconds: secondsSince(started ?? object.meta.creationTimestamp, now),
    isBound: false,
  };
}

interface Finish {
  finished: boolean;
  at: Time | null;
  notBefore: Time | null;
}

const UNFINISHED: Finish = { finished: false, at: null, notBefore: null };

function finishOfJob(job: Job): Finish {
  if (jobOutcome(job) === null) return UNFINISHED;
  return { finished: true, at: jobFinishedAt(job), notBefore: job.completionTime ?? job.meta.creationTimestamp };
}

function finishOfPod(pod: Pod): Finish {
  const finish = podFinish(pod);
  if (finish === null) return { ...UNFINISHED, finished: pod.phase === "Succeeded" || pod.phase === "Failed" };
  const isKnown =
    finish.source !== "creation" && !(finish.source === "ready-condition" && isWrittenAfter(pod, finish.at));
  return { finished: true, at: isKnown ? finish.at : null, notBefore: finish.at };
}

/** A pod may be unready long before it ends; then its status was written later. */
function isWrittenAfter({ meta }: Pod, at: Time): boolean {
  const unready = instant(at) ?? 0;
  return meta.managedFields.some(
    ({ subresource, time }) => subresource === "status" && (instant(time) ?? 0) > unready + WRITTEN_WITHIN,
  );
}

function secondsSince(time: Time | null, now: number): number | null {
  const at = instant(time);
  return at === null ? null : Math.max(0, Math.floor((now - at) / 1000));
}
