import type { CronJob } from "../model/workload.ts";
import type { LocalZone } from "./controller-zone.ts";
import { parseSchedule, type Schedule } from "./schedule/index.ts";

/** What lets a CronJob start runs, or why none follows: in the controller's own words where it has any. */
export type Starts = { schedule: Schedule; zone: LocalZone | null } | { never: string };

/** Answers for schedules that several CronJobs have from one calculation. */
export function schedules(): (
  spec: string,
  timeZone: string | null,
  local: string,
) => ReturnType<typeof parseSchedule> {
  const known = new Map<string, ReturnType<typeof parseSchedule>>();
  return (spec, timeZone, local) => {
    const key = JSON.stringify([spec, timeZone, local]);
    let parsed = known.get(key);
    if (parsed === undefined) {
      parsed = parseSchedule(spec, timeZone, local);
      if ("schedule" in parsed) parsed = { schedule: remembering(parsed.schedule) };
      known.set(key, parsed);
    }
    return parsed;
  };
}

function remembering(schedule: Schedule): Schedule {
  const known = new Map<number, number | null>();
  return {
    next(after) {
      let at = known.get(after);
      if (at === undefined) known.set(after, (at = schedule.next(after)));
      return at;
    },
  };
}

/** In the order in which syncCronJob looks (pkg/controller/cronjob/cronjob_controllerv2.go). Suspension is the last to be told. */
export function startsOf(
  cronJob: CronJob,
  now: number,
  parse: ReturnType<typeof schedules>,
  zoneOf: (cronJob: CronJob) => LocalZone | null,
): Starts {
  if (cronJob.meta.deletionTimestamp !== null) return { never: "is being deleted: no run follows" };
  const zone = zoneOf(cronJob);
  const parsed = parse(cronJob.schedule, cronJob.timeZone, zone?.zone ?? "UTC");
  if ("invalid" in parsed) {
    const event = parsed.invalid.startsWith("unknown time zone") ? "UnknownTimeZone" : "UnparseableSchedule";
    return { never: `no run follows: ${event}, ${parsed.invalid}` };
  }
  if (parsed.schedule.next(now) === null) return { never: "no run follows: InvalidSchedule, it names no time to come" };
  return { schedule: parsed.schedule, zone };
}
