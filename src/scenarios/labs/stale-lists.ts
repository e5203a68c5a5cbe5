import type { Json } from "../../model/api.ts";
import type { Actor, Answer, Canary, Judgement, Stage, Twin } from "../lab/stage.ts";
import { answerText, isEnding, ownedIn, pathOf, settled } from "./acts.ts";
import { TTL_SECONDS } from "./backup.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";
import { has } from "./objects.ts";
import { historyOf, type ToldHistory } from "./stale-history.ts";
import type { DoneRun } from "./stale-runs.ts";

/** Controllers delete what is due within this time, in seconds. */
const LATE_SECONDS = 40;

/** What was done, and all values that a run may have had. */
interface Past {
  done: readonly DoneRun[];
  canaries: readonly Canary[];
}

interface Lists {
  jobs: Answer;
  pods: Answer;
}

/** Rebuilds the past from lists of Jobs and of pods alone, after what deletes runs had its time. */
export async function lookBack(stage: Stage, twin: Twin, reader: Actor, past: Past): Promise<Judgement> {
  const jobs = await listed(stage, twin, reader, { ...past, path: "jobs", of: (answer) => jobsIn(answer, twin) });
  const pods = await listed(stage, twin, reader, { ...past, path: "pods", of: (answer) => podsIn(answer, past) });
  const cronJob = await stage.find(pathOf("cronjobs", stage.place.namespace, twin.name));
  return judge(twin, { jobs, pods }, { ...past, stands: cronJob !== null && !isEnding(cronJob) });
}

function jobsIn(answer: Answer, { name }: Twin): Json[] {
  return ownedIn(answer, "CronJob", (owner) => owner === name);
}

function podsIn(answer: Answer, { done }: Past): Json[] {
  return ownedIn(answer, "Job", (owner) => done.some(({ job }) => job === owner));
}

/** A list, and where something deletes runs the list once none of them is in it, or its time is over. */
async function listed(
  stage: Stage,
  twin: Twin,
  reader: Actor,
  { path, of, canaries }: Past & { path: "jobs" | "pods"; of(answer: Answer): Json[] },
): Promise<Answer> {
  const target = pathOf(path, stage.place.namespace);
  const shows = (answer: Answer): string =>
    answer.status === 200 ? inWords(historyOf(of(answer), canaries)) : "not listed";
  let last = await settled(stage, reader, target, shows);
  if (!has(twin, "ttl") && !has(twin, "history-limits")) return last;
  await stage.wait("the runs to be deleted", TTL_SECONDS + LATE_SECONDS, async () => {
    if (last.status !== 200 || of(last).length === 0) return true;
    last = await reader.request({ method: "GET", path: target }, shows);
    return null;
  });
  return last;
}

function judge(twin: Twin, { jobs, pods }: Lists, past: Past & { stands: boolean }): Judgement {
  if (jobs.status !== 200 || pods.status !== 200) {
    return inconclusive(`the lists could not be read: ${answerText(jobs)}, ${answerText(pods)}`);
  }
  const seen = [jobsIn(jobs, twin), podsIn(pods, past)] as const;
  const count = String(past.done.length);
  if (seen[0].length + seen[1].length === 0) {
    const because = `nothing left: of ${count} runs none is in the lists of Jobs and pods (200)`;
    // Somebody may have taken the lab down, and the runs with it.
    if (!past.stands) return inconclusive(`${because}, nor is cronjob/${twin.name} there any more`);
    if (has(twin, "ttl")) return blocked("ttl", `TTL of ${String(TTL_SECONDS)} s, ${because}`);
    if (has(twin, "history-limits")) return blocked("history-limit", `history limits of 0, ${because}`);
    return inconclusive(`${because}, and nothing should have deleted them`);
  }
  const [byJobs, byPods] = seen.map((objects) => historyOf(objects, past.canaries)) as [ToldHistory, ToldHistory];
  if (byJobs.values.length + byPods.values.length === 0) {
    return blocked(
      "no-value-in-object",
      `no value in what is left: ${String(seen[0].length)} Jobs, ${String(seen[1].length)} pods`,
    );
  }
  if (!isTold(byJobs, past) || !isTold(byPods, past)) {
    return inconclusive(`the lists tell another past than what was done: ${inWords(byJobs)}; ${inWords(byPods)}`);
  }
  return succeeded(`${inWords(byPods)}, by Jobs alone and by pods alone`);
}

/** Whether a list tells of each run which value it had, in their order. */
function isTold({ runs }: ToldHistory, { done }: Past): boolean {
  return (
    runs.length === done.length &&
    done.every(({ job, fingerprint }, index) => runs[index]?.job === job && runs[index]?.fingerprint === fingerprint)
  );
}

function inWords({ runs, values, rotations }: ToldHistory): string {
  if (runs.length === 0) return "no run of the CronJob";
  const each = values.map(({ fingerprint, first, last }) => `${fingerprint} from ${first.at} to ${last.at}`);
  const count = `${String(runs.length)} runs, ${String(values.length)} values, ${String(rotations)} rotations`;
  return each.length === 0 ? `${String(runs.length)} runs and no value` : `${count} (${each.join("; ")})`;
}
