import { jobOutcome } from "../../batch/finish.ts";
import type { Source } from "../../exposure/class.ts";
import type { Control } from "../../model/replay-report.ts";
import type { CronJob } from "../../model/workload.ts";
import type { ReplayWorkload } from "../context.ts";
import { control, SHORT_TTL } from "../controls.ts";

/** Why no pod shows what the workload's template holds: a control, or what is missing to tell. */
export type Gone = { control: Control; because: string } | { missing: string };

/** Judged where pods and Jobs were seen whole, and no pod that is left holds the credential; `holders` are what does. */
export function whyGone({ jobs, pods }: ReplayWorkload, holders: readonly Source[]): Gone {
  const cronJob = holders.find((one) => one.kind === "CronJob");
  const runs = holders.filter((one) => one.kind === "Job");
  const isNew = pods.length > 0 || (jobs.length > 0 && runs.length === 0);
  if (cronJob !== undefined && isNew)
    return { missing: "a run of the template as it is now: those that are left do not hold it" };
  if (runs.some((job) => jobOutcome(job) === null))
    return { missing: "the pod of a Job that has not finished: there is none that holds it" };
  if (cronJob !== undefined) return (runs.length === 0 ? byItself(cronJob) : null) ?? deleted(cronJob);
  if (runs.length === 0) return { missing: "a pod that holds it" };
  const because = "its finished pods are deleted, and no run to come holds it";
  return { control: control("pod-deletion"), because };
}

/** What takes each run of a CronJob away soon after it finished; null where nothing does. */
function byItself(cronJob: CronJob): Gone | null {
  if (cronJob.lastScheduleTime === null)
    return { missing: "a run: none has been started yet, and the first will hold it" };
  const { ttlSecondsAfterFinished: ttl } = cronJob.job;
  if (ttl !== null && ttl <= SHORT_TTL) {
    const because = `no pod is left: TTL of ${String(ttl)} s; each run shows it until so long after it finished`;
    return { control: control("ttl"), because };
  }
  if (!keepsNone(cronJob)) return null;
  const because = "no pod is left: history limits of 0; each run shows it until it finishes";
  return { control: control("history-limit"), because };
}

/** Somebody took them, or what does is slow: a state of this moment, unless no run follows. */
function deleted({ suspend, job: { ttlSecondsAfterFinished: ttl } }: CronJob): Gone {
  if (suspend) {
    const because = "no pod is left, and it is suspended: none comes until somebody resumes it";
    return { control: control("pod-deletion"), because };
  }
  const until = ttl === null ? "" : `, until ${String(ttl)} s after it finished (TTL)`;
  return { missing: `a pod: none is left at this moment, and the next run shows it again${until}` };
}

/** True where the controller deletes every finished Job at its next sync. */
export function keepsNone(cronJob: CronJob): boolean {
  return cronJob.successfulJobsHistoryLimit === 0 && cronJob.failedJobsHistoryLimit === 0;
}
