import type { Schedule } from "./index.ts";

/** What the CronJob controller reads of a CronJob when it looks for missed runs. Times in milliseconds since the epoch. */
export interface Due {
  creationTimestamp: number;
  lastScheduleTime: number | null;
  startingDeadlineSeconds: number | null;
}

/** The start that the controller makes up for, or in words why it reports InvalidSchedule and never looks again. */
export type Missed =
  | {
      /** The last start, else the creation, else where the starting deadline reaches back to. */
      earliest: number;
      /** The latest slot that has come; null where none has, or none is found. */
      mostRecent: number | null;
      /**
       * How many slots have come since `earliest`, guessed from the distance of the first two; 0 where the second has not come
       * yet. Above MANY_MISSED the controller warns.
       */
      count: number;
    }
  | { invalid: string };

/** The time that robfig/cron returns for none: Go's zero time, the first second of year 1. */
const NONE = -62_135_596_800_000;

/** A difference of two times in Go is at most this many nanoseconds; here in seconds. */
const LONGEST = 9_223_372_036;

/** More than this makes an event TooManyMissedTimes, and does not keep the run from starting. */
export const MANY_MISSED = 100;

/** The controller looks again so many milliseconds after a slot (nextScheduleDelta). */
const NEXT_SCHEDULE_DELTA = 100;

/**
 * mostRecentScheduleTime (pkg/controller/cronjob/utils.go), with the deadline unless it is told to leave it out. The controller
 * guesses where the latest slot is from the distance of the first two: behind a burst, slots that were missed are not found.
 */
export function mostRecentScheduleTime(cronJob: Due, now: number, schedule: Schedule, withDeadline = true): Missed {
  let earliest = cronJob.lastScheduleTime ?? cronJob.creationTimestamp;
  if (withDeadline && cronJob.startingDeadlineSeconds !== null) {
    earliest = Math.max(earliest, Math.floor(now - milliseconds(cronJob.startingDeadlineSeconds)));
  }
  const first = schedule.next(earliest) ?? NONE;
  if (now < first) return { earliest, mostRecent: null, count: 0 };
  const second = schedule.next(first) ?? NONE;
  if (now < second) return { earliest, mostRecent: first, count: 0 };
  const between = Math.round((second - first) / 1000);
  if (between < 1) return { invalid: "it names no time, or none within five years of another" };
  const elapsed = Math.min(Math.floor((now - first) / 1000), LONGEST);
  const count = Math.floor(elapsed / between) + 1;
  let mostRecent: number | null = null;
  for (let slot = first + (count - 2) * between * 1000; ; mostRecent = slot) {
    const next = schedule.next(slot);
    // From the zero time it would count the same slots again, for ever.
    if (next === null) return { invalid: "the controller finds no slot after the latest and never ends its search" };
    if (next > now) return { earliest, mostRecent, count };
    slot = next;
  }
}

/**
 * When the controller looks at the CronJob again (nextScheduleTimeDuration): the next slot and 100 ms, in milliseconds since the
 * epoch. `now` where no slot follows: it then asks again without a pause.
 */
export function nextRequeue(cronJob: Due, now: number, schedule: Schedule): number {
  const missed = mostRecentScheduleTime(cronJob, now, schedule, false);
  const from = "invalid" in missed ? now : (missed.mostRecent ?? (missed.count === 0 ? missed.earliest : now));
  const next = schedule.next(from);
  return next === null ? now : next + NEXT_SCHEDULE_DELTA;
}

/** Whether a slot's starting deadline has passed, so that the controller says MissSchedule and starts nothing. */
export function isTooLate(slot: number, startingDeadlineSeconds: number | null, now: number): boolean {
  return startingDeadlineSeconds !== null && slot + milliseconds(startingDeadlineSeconds) < now;
}

/** Go multiplies in 64 bits: a deadline of more than 292 years overflows, and may lie in the future. */
function milliseconds(deadlineSeconds: number): number {
  if (deadlineSeconds <= LONGEST) return deadlineSeconds * 1000;
  return Number(BigInt.asIntN(64, BigInt(deadlineSeconds) * 1_000_000_000n)) / 1e6;
}
