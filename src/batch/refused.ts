import type { CronJob } from "../model/workload.ts";
import { parseSchedule } from "./schedule/index.ts";

/**
 * Why the API server refuses every update of the CronJob that leaves its schedule as it is, one of its finalizers or
 * annotations as well; null where it does not. It validates spec.schedule anew each time, and spec.timeZone only where that
 * changes; it validates neither the status nor a deletion (ValidateCronJobUpdate, pkg/apis/batch/validation).
 */
export function refusesUpdates({ schedule, timeZone }: CronJob): string | null {
  if (timeZone !== null && schedule.includes("TZ")) return "it names a time zone, and spec.timeZone does too";
  const parsed = parseSchedule(schedule, null);
  return "invalid" in parsed ? parsed.invalid : null;
}
