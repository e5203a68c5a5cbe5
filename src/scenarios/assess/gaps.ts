import { localZones } from "../../batch/controller-zone.ts";
import { schedules, startsOf } from "../../batch/starts.ts";
import type { CronJob } from "../../model/workload.ts";
import type { AssessContext } from "../context.ts";

/** How far apart the runs to come are. */
export interface Gap {
  /** The least time between two of the next hundred; null where fewer than two come. */
  seconds: number | null;
  /** When the next one is due, in milliseconds; null where none is. */
  next: number | null;
  /** Why none comes; null where one does. Suspension apart. */
  never: string | null;
}

const LOOKED_AHEAD = 100;

/** Reads schedules as the controller does; one index for all CronJobs. */
export function gaps({ snapshot, judgement: { context } }: AssessContext): (cronJob: CronJob) => Gap {
  const { now } = context;
  const parse = schedules();
  const zoneOf = localZones(snapshot.cronjobs, now);
  return (cronJob) => {
    const starts = startsOf(cronJob, now, parse, zoneOf);
    if ("never" in starts) return { seconds: null, next: null, never: starts.never };
    const next = starts.schedule.next(now);
    let least = Infinity;
    for (let at = next, i = 1; at !== null && i < LOOKED_AHEAD; i++) {
      const after = starts.schedule.next(at);
      if (after === null) break;
      least = Math.min(least, after - at);
      at = after;
    }
    return { seconds: least === Infinity ? null : least / 1000, next, never: null };
  };
}
