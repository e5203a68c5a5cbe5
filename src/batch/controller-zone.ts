import type { CronJob } from "../model/workload.ts";
import { parseSchedule } from "./schedule/index.ts";
import { instant } from "./time.ts";

/** A zone in which a schedule without one may be read, by its name in the tz database, and as people write its offset. */
export interface LocalZone {
  zone: string;
  /** `UTC+5:30`. */
  offset: string;
  /** False where other offsets explain the past as well and give other times: this one then gives the earliest. */
  isKnown: boolean;
}

/** Offsets that a whole hour does not reach, by a place that keeps them; where its clock changes, for a part of the year. */
const PARTS_OF_HOURS = [
  ["Pacific/Marquesas", "UTC-9:30"],
  ["America/St_Johns", "UTC-3:30"],
  ["Asia/Tehran", "UTC+3:30"],
  ["Asia/Kabul", "UTC+4:30"],
  ["Asia/Kolkata", "UTC+5:30"],
  ["Asia/Kathmandu", "UTC+5:45"],
  ["Asia/Yangon", "UTC+6:30"],
  ["Australia/Eucla", "UTC+8:45"],
  ["Australia/Darwin", "UTC+9:30"],
  ["Australia/Lord_Howe", "UTC+10:30"],
  ["Pacific/Chatham", "UTC+12:45"],
] as const;

/** UTC first: of zones that say the same it is the one that is named. Etc/GMT-2 is east of Greenwich. */
const ZONES: readonly (readonly [zone: string, offset: string])[] = [
  ["UTC", "UTC"],
  ...Array.from({ length: 14 }, (_, index) => [`Etc/GMT-${String(index + 1)}`, `UTC+${String(index + 1)}`] as const),
  ...Array.from({ length: 12 }, (_, index) => [`Etc/GMT+${String(index + 1)}`, `UTC-${String(index + 1)}`] as const),
  ...PARTS_OF_HOURS,
];

/** So many of the latest runs are asked; all of them belong to one controller-manager. */
const WITNESSES = 48;

/**
 * In which zone the controller-manager reads the schedule, or null where that makes no difference: spec.timeZone or the schedule
 * names one, or it follows no clock. The API does not show the process's own zone; a lastScheduleTime that is an activation in
 * an offset speaks for it.
 */
export function localZones(cronJobs: readonly CronJob[], now: number): (cronJob: CronJob) => LocalZone | null {
  let voted: (typeof ZONES)[number][] | null = null;
  const known = new Map<string, LocalZone | null>();
  return (cronJob) => {
    if (!readsLocalClock(cronJob)) return null;
    let zone = known.get(cronJob.schedule);
    if (zone === undefined) {
      voted ??= mostWitnessed(cronJobs);
      zone = earliest(voted, cronJob.schedule, now);
      known.set(cronJob.schedule, zone);
    }
    return zone;
  };
}

function readsLocalClock({ timeZone, schedule }: CronJob): boolean {
  return timeZone === null && !schedule.includes("TZ=") && !schedule.startsWith("@every ");
}

/** The zones in which most of the latest runs were due; all of them where no run says anything. */
function mostWitnessed(cronJobs: readonly CronJob[]): (typeof ZONES)[number][] {
  const witnesses = new Map<string, { schedule: string; last: number }>();
  for (const cronJob of cronJobs) {
    const last = instant(cronJob.lastScheduleTime);
    if (last === null || !readsLocalClock(cronJob)) continue;
    witnesses.set(`${String(last)} ${cronJob.schedule}`, { schedule: cronJob.schedule, last });
  }
  const latest = [...witnesses.values()]
    .sort((a, b) => b.last - a.last || (a.schedule < b.schedule ? -1 : 1))
    .slice(0, WITNESSES);
  const votes = ZONES.map(([zone]) => latest.filter(({ schedule, last }) => isDue(schedule, zone, last)).length);
  const most = Math.max(...votes);
  return ZONES.filter((_, index) => votes[index] === most);
}

function isDue(schedule: string, zone: string, at: number): boolean {
  const parsed = parseSchedule(schedule, null, zone);
  return "schedule" in parsed && parsed.schedule.next(at - 1000) === at;
}

function earliest(zones: readonly (typeof ZONES)[number][], schedule: string, now: number): LocalZone | null {
  let best: { at: number; zone: (typeof ZONES)[number] } | null = null;
  let isKnown = true;
  for (const zone of zones) {
    const parsed = parseSchedule(schedule, null, zone[0]);
    const at = "schedule" in parsed ? parsed.schedule.next(now) : null;
    // What is invalid, or never due, is so in every zone.
    if (at === null) return null;
    if (best !== null && at !== best.at) isKnown = false;
    if (best === null || at < best.at) best = { at, zone };
  }
  return best === null ? null : { zone: best.zone[0], offset: best.zone[1], isKnown };
}
