import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Stage } from "../lab/stage.ts";
import { runOn } from "./image-objects.ts";
import { hasEnded } from "./acts.ts";
import { containerOf, podNow, stateOf, waitsFor } from "./cron-runs.ts";

/** What a finished run ran, as its kubelet says it. */
export interface Ran {
  job: Json;
  imageID: string;
  node: string | null;
}

/** The longest that a run takes until it has finished: its image may have to be pulled. */
export const RUN_SECONDS = 90;

/** Makes a run and waits until it has finished. Throws ApiError. */
export async function runNow(
  stage: Stage,
  cronJob: Json,
  number: number,
  node: string | null,
): Promise<Ran | { missing: string }> {
  const job = await stage.make(runOn(cronJob, number, node));
  const over = await stage.wait(`job/${nameOf(job)} to finish`, RUN_SECONDS, () => endOf(stage, job));
  return over ?? unfinished(job, await podNow(stage, job));
}

/** What a run ran, or why it will not; null while it may still. Throws ApiError. */
export async function endOf(stage: Stage, job: Json): Promise<Ran | { missing: string } | null> {
  const pod = await podNow(stage, job);
  if (pod === null) return null;
  const imageID = stringAt(containerOf(pod), "imageID");
  // However it ended: another image may lack what the run calls.
  if (hasEnded(pod) && imageID !== null) return { job, imageID, node: stringAt(objectAt(pod, "spec"), "nodeName") };
  return hasEnded(pod) || HOPELESS.test(waitsFor(pod) ?? "") ? unfinished(job, pod) : null;
}

/** The kubelet has tried twice to get the image, or will not try. */
const HOPELESS = /^(ImagePullBackOff|ErrImageNeverPull|InvalidImageName)(?=:|$)/;

function unfinished(job: Json, pod: Json | null): { missing: string } {
  return { missing: `job/${nameOf(job)} did not finish: ${stateOf(pod)}` };
}

/** Says in the report what a run ran. */
export function recordRan(stage: Stage, { job, imageID, node }: Ran, reference: string): void {
  stage.record({
    as: null,
    by: "controller",
    act: `job/${nameOf(job)} runs ${reference}`,
    auditId: null,
    status: null,
    reason: null,
    shows: `imageID ${imageID}${node === null ? "" : ` on node/${node}`}`,
  });
}
