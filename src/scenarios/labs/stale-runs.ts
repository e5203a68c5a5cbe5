import { objectAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Actor, Canary, Place, Stage, Twin } from "../lab/stage.ts";
import { actAsIdentity, answerText, endOf, hasEnded, pathOf, podOf, SETTLE_SECONDS, startRun } from "./acts.ts";
import { backup, wordsOf } from "./backup.ts";
import { podNow, stateOf } from "./cron-runs.ts";
import { has } from "./objects.ts";

/** One run that was made, with the fingerprint of the value that it had. */
export interface DoneRun {
  job: string;
  fingerprint: string;
}

/** Makes one run after the other with these values, the first of which is there; between two that differ it is rotated. Throws ApiError. */
export async function runAndRotate(
  stage: Stage,
  twin: Twin,
  values: readonly Canary[],
): Promise<DoneRun[] | { missing: string }> {
  const rotator = await actAsIdentity(stage, stage.place, `${twin.name}-rotator`);
  if (rotator === null) return { missing: "the objects of whoever rotates are not there" };
  const done: DoneRun[] = [];
  for (const [index, canary] of values.entries()) {
    const isNew = index > 0 && canary !== values[index - 1];
    const job = `${twin.name}-run-${String(index + 1)}`;
    const missing =
      (isNew ? await rotate(stage, twin, rotator, canary) : null) ?? (await runOnce(stage, { ...twin, canary }, job));
    if (missing !== null) return { missing };
    done.push({ job, fingerprint: canary.fingerprint });
  }
  return done;
}

/** Null, or why the value is not rotated. */
async function rotate(stage: Stage, twin: Twin, rotator: Actor, canary: Canary): Promise<string | null> {
  const request = rotation(stage.place, { ...twin, canary });
  const shows = ({ status }: { status: number | null }): string =>
    status === 200 ? `the value is now the canary ${canary.fingerprint}` : "not rotated";
  const last = { text: "" };
  const done = await stage.wait("the rotation", SETTLE_SECONDS, async () => {
    const answer = await rotator.request(request, shows);
    last.text = answerText(answer);
    return answer.status === 403 ? null : answer.status === 200;
  });
  return done === true ? null : `the value could not be rotated: ${last.text}`;
}

/** Where the value stands: in the Secret, or in the CronJob's template, whose lists a merge patch replaces as a whole. */
function rotation(place: Place, twin: Twin): { method: "PATCH"; path: string; body: Json } {
  const { namespace } = place;
  if (has(twin, "value-in-file")) {
    const path = pathOf("secrets", namespace, `${twin.name}-value`);
    return { method: "PATCH", path, body: { stringData: { value: twin.canary.value } } };
  }
  const cronJob = backup(place, twin).find(({ kind }) => kind === "CronJob");
  const { jobTemplate } = objectAt(cronJob, "spec") ?? {};
  return { method: "PATCH", path: pathOf("cronjobs", namespace, twin.name), body: { spec: { jobTemplate } } };
}

/** Null once a run is over, or why there was none. */
async function runOnce(stage: Stage, twin: Twin, job: string): Promise<string | null> {
  const run = await startRun(stage, twin.name, job);
  if (run === null) return `cronjob/${twin.name} is not there`;
  // Without a history the controller may delete a run before its pod is seen to have ended.
  const isBrief = has(twin, "history-limits");
  const pod = await podOf(stage, job, hasEnded, isBrief ? 5 : undefined);
  const words = pod === null ? null : wordsOf(stage.place, twin, pod);
  if (words !== null && "missing" in words) return words.missing;
  const end = await endOf(stage, job);
  if (pod === null && !isBrief) return `no pod of job/${job} was seen to end: ${stateOf(await podNow(stage, run))}`;
  if (end === null) return `job/${job} did not finish in time: ${stateOf(await podNow(stage, run))}`;
  const shows = `it has ended${end === "gone" ? ", and is deleted already" : ""}; it had the canary ${twin.canary.fingerprint}`;
  const act = `runs job/${job}${pod === null ? "" : ` in pod/${nameOf(pod)}`}`;
  stage.record({ as: null, by: "controller", act, auditId: null, status: null, reason: null, shows });
  return null;
}
