import { beyondLimits } from "../../batch/history.ts";
import type { CronJobPatch } from "../../model/cleanup.ts";
import type { CronJob, Job } from "../../model/workload.ts";

/**
 * Of these Jobs, those that the CronJob controller deletes at its next sync, which a patch brings about at once: what is beyond
 * the limits as the patch leaves them. What is being deleted counts, and is taken by nobody again.
 */
export function takenAtOnce(cronJob: CronJob, { spec }: CronJobPatch, jobs: readonly Job[]): Job[] {
  const { successfulJobsHistoryLimit = cronJob.successfulJobsHistoryLimit } = spec;
  const { failedJobsHistoryLimit = cronJob.failedJobsHistoryLimit } = spec;
  const patched = { ...cronJob, successfulJobsHistoryLimit, failedJobsHistoryLimit };
  return beyondLimits(patched, jobs).filter(({ meta }) => meta.deletionTimestamp === null);
}
