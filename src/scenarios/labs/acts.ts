import { objectAt, objectsAt, stringAt, valueAt, valueBelow } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { itemsOf, uidOf } from "../lab/json.ts";
import type { Actor, Answer, Place, Stage } from "../lab/stage.ts";
import { runOf } from "./objects.ts";

/** Pulling an image and starting a container may take this long, in seconds. */
export const START_SECONDS = 90;
/** The authorizer and the controllers hear of what is new with a delay, in seconds. */
export const SETTLE_SECONDS = 10;

/** `/apis/batch/v1/namespaces/…/jobs`; the same for pods, which are of the core group. */
export function pathOf(resource: "pods" | "jobs" | "cronjobs" | "secrets", namespace: string, name?: string): string {
  const root = resource === "jobs" || resource === "cronjobs" ? "/apis/batch/v1" : "/api/v1";
  return `${root}/namespaces/${namespace}/${resource}${name === undefined ? "" : `/${name}`}`;
}

/** Starts a run of a CronJob as it stands now. Null where there is no such CronJob any more. */
export async function startRun(stage: Stage, cronJob: string, name: string): Promise<Json | null> {
  const current = await stage.find(pathOf("cronjobs", stage.place.namespace, cronJob));
  return current === null ? null : stage.make(runOf(current, name));
}

/** The pod of a run once the probe takes it; null where there was none in time. */
export async function podOf(
  stage: Stage,
  job: string,
  takes: (pod: Json) => boolean,
  seconds = START_SECONDS,
): Promise<Json | null> {
  const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${job}`);
  const path = `${pathOf("pods", stage.place.namespace)}?labelSelector=${selector}`;
  return stage.wait(`the pod of ${job}`, seconds, async () => (await stage.list(path)).find(takes) ?? null);
}

/** status.phase, or an empty text. */
export function phaseOf(pod: Json): string {
  return stringAt(objectAt(pod, "status"), "phase") ?? "";
}

export function isRunning(pod: Json): boolean {
  return phaseOf(pod) === "Running";
}

export function hasEnded(pod: Json): boolean {
  return /^(Succeeded|Failed)$/.test(phaseOf(pod));
}

/** How a pod ended, for a sentence: `Failed: OutOfcpu`. */
export function endingOf(pod: Json): string {
  const status = objectAt(pod, "status");
  const ended = valueBelow(objectsAt(status, "containerStatuses")[0]?.[0] ?? null, "state", "terminated");
  const reason = stringAt(status, "reason") ?? stringAt(ended, "reason");
  return reason === null ? phaseOf(pod) : `${phaseOf(pod)}: ${reason}`;
}

/** Whether somebody has deleted an object that is still there. */
export function isEnding(object: Json): boolean {
  return valueAt(objectAt(object, "metadata"), "deletionTimestamp") !== undefined;
}

/** Whether a Job is over, as its conditions say. */
export function isFinished(job: Json): boolean {
  return objectsAt(objectAt(job, "status"), "conditions").some(
    ([condition]) => /^(Complete|Failed)$/.test(stringAt(condition, "type") ?? "") && condition["status"] === "True",
  );
}

/** Waits for the end of a run. `gone`: it was deleted; null: it went on. */
export async function endOf(stage: Stage, job: string): Promise<"finished" | "gone" | null> {
  return stage.wait(`the end of ${job}`, START_SECONDS, async () => {
    const found = await stage.find(pathOf("jobs", stage.place.namespace, job));
    return found === null ? "gone" : isFinished(found) ? "finished" : null;
  });
}

/** Somebody with the rights of `identity(namespace, name, …)`; null where the Secret that their token is bound to is not there. */
export async function actAsIdentity(stage: Stage, { namespace }: Place, name: string): Promise<Actor | null> {
  const bound = await stage.find(pathOf("secrets", namespace, name));
  return bound === null ? null : stage.actAs({ namespace, name }, { kind: "Secret", name, uid: uidOf(bound) });
}

/** Asks again while the server refuses (403), because the authorizer hears late of a role that is new. */
export async function settled(
  stage: Stage,
  actor: Actor,
  path: string,
  shows: (answer: Answer) => string,
): Promise<Answer> {
  const request = (): Promise<Answer> => actor.request({ method: "GET", path }, shows);
  const probe = async (): Promise<Answer | null> => {
    const answer = await request();
    return answer.status === 403 ? null : answer;
  };
  return (await stage.wait("the authorizer to know the role", SETTLE_SECONDS, probe)) ?? request();
}

/** The objects of a list answer that a controller of this kind owns, and that it is by name. */
export function ownedIn({ body }: Answer, kind: string, isOwner: (name: string) => boolean): Json[] {
  return itemsOf(body).filter((item) =>
    objectsAt(objectAt(item, "metadata"), "ownerReferences").some(
      ([owner]) => owner["kind"] === kind && owner["controller"] === true && isOwner(stringAt(owner, "name") ?? ""),
    ),
  );
}

/** `403 Forbidden`, for a sentence. */
export function answerText({ status, reason, message }: Answer): string {
  return status === null ? (message ?? "no answer") : [String(status), reason].filter(Boolean).join(" ");
}
