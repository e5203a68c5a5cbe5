import type { Retention } from "../model/report.ts";
import type { Job, Pod } from "../model/workload.ts";
import type { Owners } from "./owners.ts";
import { refusesUpdates } from "./refused.ts";

/**
 * Arguments of the hold that keeps the object from going as `retention` says: `hold cronjob/backup -n database`; null where none
 * does, because its owner, its node or somebody's deletion takes it.
 */
export function holdCommand(object: Job | Pod, { governedBy }: Retention, owners: Owners): string | null {
  const job = object.kind === "Job" ? object : owners.jobOf(object);
  if (job === null || job.meta.deletionTimestamp !== null || object.meta.deletionTimestamp !== null) return null;
  const cronJob = owners.counterOf(job)?.cronJob ?? owners.cronJobOf(job);
  const canChange = cronJob != null && cronJob.meta.deletionTimestamp === null && refusesUpdates(cronJob) === null;
  const isReplaced = governedBy === "owner" && owners.forecastOf(job)?.by === "replacement";
  const isCronJobs = governedBy === "history-limit" || isReplaced;
  if (governedBy !== "ttl" && !(isCronJobs && canChange)) return null;
  const { namespace } = job.meta;
  const name = canChange ? `cronjob/${cronJob.meta.name}` : `job/${job.meta.name}`;
  return `hold ${name}${namespace === null ? "" : ` -n ${namespace}`}`;
}
