import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { localZones } from "./controller-zone.ts";
import { duration, medianSeconds } from "./durations.ts";
import { jobOutcome, type Outcome } from "./finish.ts";
import type { Counted } from "./history.ts";
import { MOST_RUNS, simulate, type Going } from "./simulate.ts";
import { schedules, startsOf, type Starts } from "./starts.ts";
import { worldOf, type Around } from "./world.ts";

/** When a CronJob prunes or replaces one of its Jobs, at the earliest that the evidence makes credible. */
export interface Forecast {
  /** In milliseconds; null where no time can be given. */
  at: number | null;
  /** When the last run that it takes starts: runs may be quicker than those before. Infinity where `at` is null. */
  notBefore: number;
  by: Going["by"];
  /** What has to happen before; null where nothing has to. */
  assumes: string | null;
  /** Why it never does; null where it does, or may after more runs than are played. */
  never: string | null;
  /** A Job that still counts, but is about to go by other means; null without one. Which controller is first is not known. */
  rival: Job | null;
  /** How the time was found, where that leaves a doubt; empty otherwise. */
  remark: string;
}

interface Played {
  going: Map<Job, Going>;
  rival: Job | null;
  never: string | null;
  remark: string;
}

/** Plays each CronJob once for each outcome, when it is first asked for. Null for a Job that no CronJob counts. */
export function indexForecasts(
  snapshot: Snapshot,
  now: number,
  around: Around & { counted: Counted },
): (job: Job) => Forecast | null {
  const parse = schedules();
  const zoneOf = localZones(snapshot.cronjobs, now);
  const played = new Map<CronJob, Partial<Record<Outcome | "none", Played>>>();
  // With the outcome `none` what is under way does not end before the next slot.
  const play = (cronJob: CronJob, outcome: Outcome | "none"): Played => {
    const known = played.getOrInsertComputed(cronJob, () => ({}));
    return (known[outcome] ??= playedOut(cronJob, outcome, startsOf(cronJob, now, parse, zoneOf), now, around));
  };
  return (job) => {
    const cronJob = around.counted.cronJobOf(job);
    if (cronJob === null) return null;
    const outcome = jobOutcome(job);
    if (outcome !== null) return told(job, play(cronJob, outcome), outcome);
    const either = (["complete", "failed"] as const).map((one) => told(job, play(cronJob, one), one));
    // First, because of what comes to the same time it assumes the least: that the run goes on.
    if (isReplaced(job, cronJob)) either.unshift(told(job, play(cronJob, "none"), "complete"));
    if (either.every(({ assumes }) => assumes === "it succeeds" || assumes === "it fails"))
      return { ...either[0]!, at: Math.min(either[0]!.at!, either[1]!.at!), assumes: "it ends" };
    return either.reduce((a, b) => ((b.at ?? Infinity) < (a.at ?? Infinity) ? b : a));
  };
}

function told(job: Job, { going, rival, never, remark }: Played, outcome: Outcome): Forecast {
  const found = going.get(job);
  if (found === undefined)
    return { at: null, notBefore: Infinity, by: "limit", assumes: null, never, rival, remark: "" };
  const self = jobOutcome(job) === null;
  const assumes = found.by === "replacement" ? "it still runs then" : assumption(found, self, outcome);
  const notBefore = found.by === "limit" ? found.from : found.at;
  return { at: found.at, notBefore, by: found.by, assumes, never: null, rival, remark: assumes === null ? "" : remark };
}

/** `the run under way and the next 2 runs succeed`. */
function assumption({ underWay, next }: Going, self: boolean, outcome: Outcome): string | null {
  const others = underWay - Number(self);
  const parts = [
    self ? "it" : null,
    others > 0 ? (others === 1 ? "the run under way" : `the ${String(others)} runs under way`) : null,
    next > 0 ? (next === 1 ? "the next run" : `the next ${String(next)} runs`) : null,
  ].filter((one) => one !== null);
  if (parts.length === 0) return null;
  const verb = outcome === "complete" ? "succeed" : "fail";
  const many = parts.length > 1 || others > 1 || next > 1;
  const subject = parts.length < 3 ? parts.join(" and ") : `${parts[0]!}, ${parts[1]!} and ${parts[2]!}`;
  return `${subject} ${many ? verb : `${verb}s`}`;
}

/** With concurrencyPolicy Replace the next run takes the place of those in status.active that have not ended. */
export function isReplaced(job: Job, cronJob: CronJob): boolean {
  return cronJob.concurrencyPolicy === "Replace" && jobOutcome(job) === null && cronJob.active.includes(job.meta.name);
}

function playedOut(
  cronJob: CronJob,
  given: Outcome | "none",
  starts: Starts,
  now: number,
  around: Around & { counted: Counted },
): Played {
  const outcome = given === "none" ? "complete" : given;
  const jobs = around.counted.jobsOf(cronJob);
  const typical = medianSeconds(jobs, outcome);
  const schedule = "schedule" in starts && !cronJob.suspend ? starts.schedule : null;
  const course = { outcome, typical, schedule, endless: given === "none" };
  const world = worldOf(cronJob, jobs, course, now, around);
  const { going, stopped } = simulate(world);
  const zone = "schedule" in starts && starts.zone !== null ? zoneRemark(starts.zone) : "";
  const took =
    typical === null ? "; how long one takes is not known: it may end at once" : `; one takes ${duration(typical)}`;
  const rival = world.runs.find(({ end, goesAt }) => end === null && goesAt <= now)?.of ?? null;
  return { going, rival, never: neverBecause(), remark: took + zone };

  function neverBecause(): string | null {
    if ("never" in starts) return starts.never;
    if (cronJob.suspend) return "no run follows while it is suspended";
    if (stopped === "blocked") {
      const blocker = jobs.find((job) => job.spec.suspend && cronJob.active.includes(job.meta.name));
      return `no run follows: its job/${blocker?.meta.name ?? "?"} is suspended, and concurrencyPolicy is Forbid`;
    }
    if (stopped === "too-late") {
      const deadline = String(cronJob.startingDeadlineSeconds);
      return `no run follows: MissSchedule, with startingDeadlineSeconds ${deadline} every slot is too late`;
    }
    if (stopped !== "far" || world.ttl === null || world.limit > MOST_RUNS / 2) return null;
    return `its runs go by their own TTL before ${String(world.limit)} are there together`;
  }
}

function zoneRemark({ offset, isKnown }: { offset: string; isKnown: boolean }): string {
  if (!isKnown) return "; the controller-manager's time zone is not known: it may be later";
  return offset === "UTC" ? "" : `; read in ${offset}, the time zone that its runs fit`;
}
