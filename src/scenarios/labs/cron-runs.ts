import { objectAt, objectsAt, stringAt, valueBelow } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Stage } from "../lab/stage.ts";
import { pathOf, phaseOf } from "./acts.ts";

/** The Jobs that a CronJob controls, the earliest first; as the operator. Throws ApiError. */
export async function jobsOf(stage: Stage, cronJob: string): Promise<Json[]> {
  const jobs = await stage.list(pathOf("jobs", stage.place.namespace));
  const created = (job: Json): string => `${createdAt(job)} ${nameOf(job)}`;
  return jobs.filter((job) => isRunOf(job, cronJob)).sort((a, b) => (created(a) < created(b) ? -1 : 1));
}

function isRunOf(job: Json, cronJob: string): boolean {
  return objectsAt(objectAt(job, "metadata"), "ownerReferences").some(
    ([owner]) => stringAt(owner, "kind") === "CronJob" && stringAt(owner, "name") === cronJob,
  );
}

/** metadata.creationTimestamp, or an empty text. */
export function createdAt(object: Json): string {
  return stringAt(objectAt(object, "metadata"), "creationTimestamp") ?? "";
}

/** The first pod of a Job as it is now; null before the controller has made it. As the operator. Throws ApiError. */
export async function podNow(stage: Stage, job: Json): Promise<Json | null> {
  const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${nameOf(job)}`);
  const [pod] = await stage.list(`${pathOf("pods", stage.place.namespace)}?labelSelector=${selector}`);
  return pod ?? null;
}

/** The status of its only container; null where the kubelet gave none yet. */
export function containerOf(pod: Json | null): Json | null {
  return objectsAt(objectAt(pod, "status"), "containerStatuses")[0]?.[0] ?? null;
}

/** Why a pod does not run, as its kubelet says it: `ErrImagePull: …`; null where it says nothing. */
export function waitsFor(pod: Json | null): string | null {
  const waiting = valueBelow(containerOf(pod), "state", "waiting");
  const [reason, message] = [stringAt(waiting, "reason"), stringAt(waiting, "message")];
  return reason === null || message === null ? reason : `${reason}: ${message}`;
}

/** How far a pod is, for a sentence. */
export function stateOf(pod: Json | null): string {
  return pod === null ? "there is no pod" : (waitsFor(pod) ?? phaseOf(pod));
}

/** What its only container left as its last words; null while it runs or where it left none. */
export function lastWords(pod: Json | null): string | null {
  return stringAt(valueBelow(containerOf(pod), "state", "terminated"), "message");
}
