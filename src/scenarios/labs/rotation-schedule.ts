import { objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf, uidOf } from "../lab/json.ts";
import type { Stage, Twin } from "../lab/stage.ts";
import { isEnding, isRunning, pathOf } from "./acts.ts";
import { has } from "./objects.ts";
import type { EndedBy } from "./rotation-facts.ts";
import { createdAt, jobsOf, podNow, stateOf } from "./cron-runs.ts";

/** One run that the controller started, and that runs. */
export interface Run {
  job: Json;
  pod: Json;
}

/** What the controller did at the slot after the first run's: it started another run, refused to, or neither. */
export type NextSlot = { run: Run; ended: EndedBy | null } | { refused: string } | { missing: string };

/** The most that the controller and the node are given for both runs, in seconds. */
export const scheduleSeconds = (): number => 2 * SLOT_SECONDS + AFTERWARDS_SECONDS + GONE_SECONDS;

/** The time to the next slot, and what a busy controller and node take until the run is there. */
const SLOT_SECONDS = 60 + 40;
/** The longest that the controller is given for a second run after it said that it starts none. */
const AFTERWARDS_SECONDS = 15;
const GONE_SECONDS = 45;

/** Waits for the first run, and says when it runs. Throws ApiError. */
export async function firstRun(stage: Stage, twin: Twin): Promise<Run | { missing: string }> {
  const run = await stage.wait("the first run", SLOT_SECONDS, async () => {
    const [job] = await jobsOf(stage, twin.name);
    return job === undefined ? null : running(stage, job);
  });
  if (run === null) return { missing: await whyNone(stage, twin) };
  recordStart(stage, twin, run, 1);
  return run;
}

async function running(stage: Stage, job: Json): Promise<Run | null> {
  const pod = await podNow(stage, job);
  return pod !== null && isRunning(pod) ? { job, pod } : null;
}

async function whyNone(stage: Stage, twin: Twin): Promise<string> {
  const job = (await jobsOf(stage, twin.name)).at(-1);
  if (job === undefined) return `the controller started no run of cronjob/${twin.name} in ${String(SLOT_SECONDS)} s`;
  const pod = await podNow(stage, job);
  return `the pod of job/${nameOf(job)} does not run: ${stateOf(pod)}`;
}

/** Waits for what the controller does at the slot after the first run's. Throws ApiError. */
export async function nextSlot(stage: Stage, twin: Twin, first: Run): Promise<NextSlot> {
  const second = async (): Promise<Run | null> => {
    const job = (await jobsOf(stage, twin.name)).find((one) => uidOf(one) !== uidOf(first.job));
    return job === undefined ? null : running(stage, job);
  };
  const refused = { seen: null as string | null };
  const run = await stage.wait("what the controller does at the next slot", SLOT_SECONDS, async () => {
    const found = await second();
    if (found !== null) return found;
    refused.seen = await refusal(stage, twin);
    return refused.seen === null ? null : "refused";
  });
  if (run === null) return { missing: await whyNone(stage, twin) };
  const late = run === "refused" ? await stage.wait("a second run all the same", AFTERWARDS_SECONDS, second) : run;
  if (late === null) return stillAlone(stage, twin, first, refused.seen ?? "");
  recordStart(stage, twin, late, 2);
  const ended = await endedBy(stage, twin, first);
  return ended !== null && typeof ended === "object" ? ended : { run: late, ended };
}

/** What the controller said when it started no run because of the one before; null where it did not say so. */
async function refusal(stage: Stage, { name }: Twin): Promise<string | null> {
  const selector = encodeURIComponent(
    `involvedObject.kind=CronJob,involvedObject.name=${name},reason=JobAlreadyActive`,
  );
  const [event] = await stage.list(`/api/v1/namespaces/${stage.place.namespace}/events?fieldSelector=${selector}`);
  return event === undefined ? null : (stringAt(event, "message") ?? "JobAlreadyActive");
}

/** Whether the first run is the only one, and still active: only then did it keep the second away. */
async function stillAlone(stage: Stage, twin: Twin, first: Run, message: string): Promise<NextSlot> {
  const { namespace } = stage.place;
  const [cronJob, jobs, pod] = [
    await stage.find(pathOf("cronjobs", namespace, twin.name)),
    await jobsOf(stage, twin.name),
    await podNow(stage, first.job),
  ];
  const active = objectsAt(objectAt(cronJob, "status"), "active").map(([one]) => stringAt(one, "uid"));
  if (jobs.length !== 1 || active.join() !== uidOf(first.job)) {
    return { missing: `status.active of cronjob/${twin.name} does not name the first run alone` };
  }
  if (pod === null || !isRunning(pod)) return { missing: `run 1 ended before the next slot was over: ${stateOf(pod)}` };
  stage.record({
    as: null,
    by: "controller",
    act: `starts no second run of cronjob/${twin.name}`,
    auditId: null,
    status: null,
    reason: "JobAlreadyActive",
    shows: `${message}; no second Job ${String(AFTERWARDS_SECONDS)} s later, status.active has one`,
  });
  return { refused: message };
}

/** What ended the first run before the second began, once its pod is gone; null where it may still act. Only Replace deletes it. */
async function endedBy(stage: Stage, twin: Twin, first: Run): Promise<EndedBy | { missing: string } | null> {
  const { namespace } = stage.place;
  const job = await stage.find(pathOf("jobs", namespace, nameOf(first.job)));
  const isThere = job !== null && uidOf(job) === uidOf(first.job) && !isEnding(job);
  if (isThere && !isPastDeadline(job)) return null;
  if (!isThere && !has(twin, "replace")) {
    return { missing: `job/${nameOf(first.job)} was deleted while it ran, which its CronJob's policy does not do` };
  }
  const path = pathOf("pods", namespace, nameOf(first.pod));
  const gone = await stage.wait("the pod of run 1 to be gone", GONE_SECONDS, async () =>
    (await stage.find(path)) === null ? true : null,
  );
  stage.record({
    as: null,
    by: "controller",
    act: isThere ? `ends job/${nameOf(first.job)}` : `deletes job/${nameOf(first.job)}`,
    auditId: null,
    status: null,
    reason: isThere ? DEADLINE : null,
    shows: gone === true ? "its pod is gone" : `its pod is still there after ${String(GONE_SECONDS)} s`,
  });
  if (gone !== true) return null;
  return isThere ? "active-deadline" : "concurrency-policy";
}

/** The reason of a Job's condition (batch/v1 JobReasonDeadlineExceeded). */
const DEADLINE = "DeadlineExceeded";

function isPastDeadline(job: Json): boolean {
  return objectsAt(objectAt(job, "status"), "conditions").some(([one]) => stringAt(one, "reason") === DEADLINE);
}

function recordStart(stage: Stage, twin: Twin, { job, pod }: Run, number: number): void {
  const act = `starts job/${nameOf(job)} of cronjob/${twin.name}`;
  const shows = `run ${String(number)}, since ${createdAt(job)}: pod/${nameOf(pod)} runs`;
  stage.record({ as: null, by: "controller", act, auditId: null, status: null, reason: null, shows });
}
