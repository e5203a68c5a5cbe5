import { duration } from "../../batch/durations.ts";
import { control } from "../controls.ts";
import { MOST_OVERLAPS } from "./overlaps.ts";
import type { Race } from "./race.ts";
import { plural } from "./reach-words.ts";
import { blocked, inconclusive, notApplicable, succeeds, type Verdict } from "./verdict.ts";

/** terminationGracePeriodSeconds where the pod names none (pkg/apis/core/v1/defaults.go); the evidence does not keep it. */
const GRACE_SECONDS = 30;
const BY_HAND =
  "it counts only the runs that the controller started: a Job that somebody creates by hand runs beside them";
const NO_SECRET_WRITTEN = "no Secret is written: other shared state may be";

/** What comes of it when nobody does more than wait for the schedule. */
export function raceVerdict(race: Race): Verdict {
  const { cronJob, gap } = race;
  if (race.overlaps.length > 0) return happens(race, seenText(race));
  const none = cronJob.suspend
    ? "it is suspended: no run starts by itself"
    : (gap.never ?? (gap.seconds === null ? "at most one run follows" : null));
  if (none !== null || gap.seconds === null) return noneToCome(race, none ?? "");
  if (cronJob.concurrencyPolicy === "Forbid") return forbidVerdict(race);
  if (cronJob.concurrencyPolicy === "Replace") return replaceVerdict(race);
  if (endsInTime(race, gap.seconds)) return deadlineVerdict(race, gap.seconds);
  const longest = race.longestSeconds;
  if (longest !== null && longest > gap.seconds)
    return happens(race, `will overlap: longest run ${duration(longest)}, next runs ${duration(gap.seconds)} apart`);
  if (race.mayWrite === false) return notApplicable(NO_SECRET_WRITTEN);
  return possible(race, gap.seconds);
}

/** Two runs overlap, seen or not: it matters where they write. */
function happens({ mayWrite, hiddenGrants }: Race, because: string): Verdict {
  if (mayWrite === false) return notApplicable(`${because}; ${NO_SECRET_WRITTEN}`);
  if (mayWrite === null) return inconclusive(`${because}; whether they write a Secret was not seen`, hiddenGrants);
  return succeeds(because);
}

/** What ran before may have overlapped all the same. */
function noneToCome({ mayWrite, hiddenRuns }: Race, because: string): Verdict {
  if (mayWrite === false || hiddenRuns.length === 0) return notApplicable(because);
  return inconclusive(`${because}, but not all runs before were seen`, hiddenRuns);
}

/** `seen 4 times in 7 days`. */
function seenText({ overlaps, runs, now, cronJob }: Race): string {
  const count = overlaps.length;
  const times = count === 1 ? "once" : `${count === MOST_OVERLAPS ? "at least " : ""}${String(count)} times`;
  const days = Math.round((now - runs[0]!.start) / 86_400_000);
  const span = days >= 2 ? plural(days, "day") : duration((now - runs[0]!.start) / 1000);
  const byHand = overlaps.every(({ scheduled }) => !scheduled) ? ", with runs started by hand" : "";
  const policy =
    cronJob.concurrencyPolicy === "Forbid" || cronJob.concurrencyPolicy === "Replace"
      ? `; concurrencyPolicy is ${cronJob.concurrencyPolicy} now`
      : "";
  return `seen ${times} in ${span}${byHand}${policy}`;
}

function forbidVerdict(race: Race): Verdict {
  if (race.hiddenRuns.length > 0) return inconclusive("Forbid now, but not all runs were seen", race.hiddenRuns);
  const within = withinOneRun(race);
  if (within !== null) return inconclusive("Forbid: runs wait for each other, the pods of one run do not", [within]);
  const what = `Forbid: no second run starts while one is active; ${BY_HAND}`;
  return blocked("Forbid: the next run waits for the one before", [control("concurrency-policy", null, what)]);
}

/** syncCronJob deletes the active Job and creates the next one at once (pkg/controller/cronjob/cronjob_controllerv2.go). */
function replaceVerdict(race: Race): Verdict {
  if (race.mayWrite === false) return notApplicable(NO_SECRET_WRITTEN);
  const missing = [
    "whether the old run's pod still writes within its grace period, beside the next run",
    ...race.hiddenRuns,
  ];
  const within = withinOneRun(race);
  if (within !== null) missing.push(within);
  if (race.mayWrite === null) missing.push(...race.hiddenGrants);
  return inconclusive("Replace: the next run starts at once, while the pod of the one before has its grace", missing);
}

/** What is open where several pods of one run are active together; null where only one is. */
function withinOneRun({ cronJob: { job }, mayWrite }: Race): string | null {
  const together = Math.min(job.parallelism ?? 1, job.completions ?? Infinity);
  if (together <= 1 || mayWrite === false) return null;
  return `whether pods of one run write the same Secret: ${String(together)} of them run together (parallelism)`;
}

/** True where the deadline has ended a run, its pod's grace included, before the next one is due. */
function endsInTime({ cronJob, runningSeconds }: Race, gap: number): boolean {
  const deadline = cronJob.job.activeDeadlineSeconds;
  return deadline !== null && deadline + GRACE_SECONDS <= gap && (runningSeconds ?? 0) <= gap;
}

function deadlineVerdict(race: Race, gap: number): Verdict {
  const { cronJob, hiddenRuns } = race;
  const deadline = duration(cronJob.job.activeDeadlineSeconds ?? 0);
  const because = `a run ends after ${deadline}, next runs ${duration(gap)} apart`;
  if (hiddenRuns.length > 0) return inconclusive(`${because}, but not all runs were seen`, hiddenRuns);
  const within = withinOneRun(race);
  if (within !== null) return inconclusive(`${because}, and several pods of one run are active together`, [within]);
  const what = `activeDeadlineSeconds ends a run after ${deadline}, counted from its own start; supposed is that runs start on time, and that a pod has ${String(GRACE_SECONDS)}s of grace, for its template may say more`;
  return blocked(because, [control("active-deadline", null, what)]);
}

function possible(race: Race, gap: number): Verdict {
  const { runs, longestSeconds, mayWrite, cronJob } = race;
  const apart = duration(gap);
  const missing = [...race.hiddenRuns];
  if (longestSeconds === null) missing.push(`how long a run takes: none is retained, next runs ${apart} apart`);
  else {
    const none =
      runs.length === 1 ? "the one that is retained was not" : `none of the ${String(runs.length)} retained was`;
    missing.push(`a run longer than ${apart}: ${none} (longest ${duration(longestSeconds)})`);
  }
  const deadline = cronJob.job.activeDeadlineSeconds;
  if (deadline !== null && deadline < gap && deadline + GRACE_SECONDS > gap)
    missing.push(
      `terminationGracePeriodSeconds: after its deadline of ${duration(deadline)} a pod may run into the next run`,
    );
  if (mayWrite === null) missing.push(...race.hiddenGrants);
  return inconclusive("two runs may overlap, and none was seen to", missing);
}
