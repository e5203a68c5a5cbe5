import type { CronJob, Job } from "../model/workload.ts";
import { ending, title, type Ending } from "./deletion.ts";
import { isReplaced, type Forecast } from "./forecast.ts";
import { jobFinishedAt } from "./finish.ts";
import type { HistoryPlace } from "./history.ts";
import type { Owners } from "./owners.ts";

/** How a CronJob's controller removes the Job: at a history limit, or for the run that replaces it; null where none counts it. */
export function byHistory(job: Job, owners: Owners): Ending | null {
  const forecast = owners.forecastOf(job);
  if (forecast === null) return null;
  const place = owners.historyOf(job);
  if (place !== null) return ended(job, place, forecast, owners.takenAt);
  const { cronJob, whole } = owners.counterOf(job)!;
  return underWay(job, cronJob, whole, forecast);
}

function ended(job: Job, place: HistoryPlace, forecast: Forecast, takenAt: number): Ending | null {
  const { cronJob, outcome, limit, runsLeft, whole } = place;
  const adjective = outcome === "complete" ? "successful" : "failed";
  const limits = `${title(cronJob)} keeps ${String(limit)} ${adjective}`;
  if (runsLeft === 0) {
    const beyond = `${limits}, and it is beyond: goes at the CronJob's next sync`;
    const { at, assumes: runs, rival } = forecast;
    if (rival !== null && (at !== takenAt || runs !== null)) {
      const assumes = `the CronJob's next sync comes before ${title(rival)} is gone, which still counts`;
      return { ...ending("history-limit", takenAt, beyond), assumes };
    }
    return ending("history-limit", at ?? takenAt, at === takenAt ? beyond : `${beyond}, by its next slot or a change`);
  }
  if (runsLeft === null) return none(`${limits}, and without a startTime it counts as the newest for ever`);
  const runs = `${whole ? "" : "at most "}${String(runsLeft)} more ${adjective} ${runsLeft === 1 ? "run" : "runs"}`;
  const given = {
    afterRuns: whole ? runsLeft : null,
    assumes: whole ? forecast.assumes : null,
    notBefore: whole ? forecast.notBefore : Infinity,
  };
  // A Job that is not in the evidence may already have pushed this one out.
  const at = whole ? forecast.at : null;
  // Its TTL takes it first, and no run that has started by then could be quicker.
  if (at === null && whole && forecast.never === null && hasTtl(job)) return null;
  if (at === null && whole && forecast.never !== null) {
    if (!cronJob.suspend || cronJob.meta.deletionTimestamp !== null)
      return none(`${limits}: ${runs} would push it out, but ${forecast.never}`);
    const why = `${limits}, and ${forecast.never}: ${runs} would have to come first`;
    return { ...none(why), afterRuns: runsLeft };
  }
  const waits = cronJob.suspend ? ", and is suspended" : "";
  const remark = at === null ? "" : forecast.remark;
  return { ...ending("history-limit", at, `${limits}${waits}: goes after ${runs}${remark}`), ...given };
}

function underWay(job: Job, cronJob: CronJob, whole: boolean, forecast: Forecast): Ending {
  const counts = `counts for the history limits of ${title(cronJob)} once it has finished`;
  if (job.spec.suspend && forecast.by === "limit")
    return ending("history-limit", null, `${counts}, and it is suspended`);
  if (!whole) return ending("history-limit", null, counts);
  const { at, notBefore, assumes, by, never, remark } = forecast;
  if (at === null) return never === null ? ending("history-limit", null, counts) : none(`${counts}, and then ${never}`);
  if (by === "replacement") {
    const why = `${title(cronJob)} replaces it by its next run (concurrencyPolicy)`;
    return { ...ending("owner", at, why), assumes };
  }
  const replaced = isReplaced(job, cronJob) ? "; or the next run replaces it (concurrencyPolicy)" : "";
  return { ...ending("history-limit", at, counts + remark + replaced), assumes, notBefore };
}

/** A TTL that is counted: one without a finish time never ends. */
function hasTtl(job: Job): boolean {
  return job.spec.ttlSecondsAfterFinished !== null && jobFinishedAt(job) !== null;
}

function none(why: string): Ending {
  return ending("none", null, why);
}
