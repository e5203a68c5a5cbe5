import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf, uidOf } from "../lab/json.ts";
import type { Actor, Answer, Judgement, Stage, Twin } from "../lab/stage.ts";
import { answerText, endingOf, endOf, pathOf, phaseOf, podOf, startRun } from "./acts.ts";
import { TTL_SECONDS } from "./backup.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";
import { has } from "./objects.ts";
import { isUnauthorized } from "./refusals.ts";

/** A deleted pod's token may be taken for 60 s more, and the server remembers for 10 s that it was good. */
const REFUSED_SECONDS = 90;
const DELETED_SECONDS = 60;
/** By then the server has forgotten that the token was good, and asks anew whether its pod is there. */
const FORGOTTEN_SECONDS = 11;

/** Somebody took a run's own token while it ran, and uses it afterwards. Throws ApiError. */
export async function keptToken(stage: Stage, twin: Twin): Promise<Judgement> {
  const job = `${twin.name}-run`;
  if ((await startRun(stage, twin.name, job)) === null) return inconclusive(`cronjob/${twin.name} is not there`);
  const pod = await podOf(stage, job, (one) => phaseOf(one) !== "");
  if (pod === null) return inconclusive(`job/${job} got no pod in time`);
  const account = stringAt(objectAt(pod, "spec"), "serviceAccountName") ?? "default";
  const bound = { kind: "Pod", name: nameOf(pod), uid: uidOf(pod) } as const;
  const actor = await stage.actAs({ namespace: stage.place.namespace, name: account }, bound);
  const before = await whoAmI(actor);
  if (before.status !== 201) return inconclusive(`the token was never taken: ${answerText(before)}`);
  if ((await endOf(stage, job)) === null) return inconclusive(`job/${job} did not finish in time`);
  return has(twin, "ttl") ? afterDeletion(stage, actor, nameOf(pod)) : whileThere(stage, actor, pod);
}

/** After the end of the run, but for the answers that the server remembers, which would be taken for new ones. */
async function whileThere(stage: Stage, actor: Actor, pod: Json): Promise<Judgement> {
  await stage.wait("the server to forget the token", FORGOTTEN_SECONDS, () => Promise.resolve(null));
  const now = await stage.find(pathOf("pods", stage.place.namespace, nameOf(pod)));
  if (now === null || uidOf(now) !== uidOf(pod)) return inconclusive(`pod/${nameOf(pod)} is no longer there`);
  if (phaseOf(now) !== "Succeeded") return inconclusive(`the run did not succeed: ${endingOf(now)}`);
  const after = await whoAmI(actor);
  return after.status === 201
    ? succeeded("the token of a run that is over is taken while its pod is there (201)")
    : inconclusive(`after the end of the run: ${answerText(after)}`);
}

async function afterDeletion(stage: Stage, actor: Actor, pod: string): Promise<Judgement> {
  const path = pathOf("pods", stage.place.namespace, pod);
  const gone = await stage.wait("the pod to be deleted", TTL_SECONDS + DELETED_SECONDS, async () =>
    (await stage.find(path)) === null ? true : null,
  );
  if (gone === null) return inconclusive("the TTL did not delete the pod in time");
  stage.record({
    as: null,
    by: "controller",
    act: `deletes pod/${pod} with its Job, after the TTL of ${String(TTL_SECONDS)} s`,
    auditId: null,
    status: null,
    reason: null,
    shows: "it is gone",
  });
  const last = { text: "" };
  const refused = await stage.wait("the token to be refused", REFUSED_SECONDS, async () => {
    const answer = await whoAmI(actor);
    last.text = answerText(answer);
    return isUnauthorized(answer) ? true : null;
  });
  return refused === true
    ? blocked("pod-deletion", "the token is refused once its pod is deleted (401 Unauthorized)")
    : inconclusive(`the pod is deleted, and the token is not refused: ${last.text}`);
}

/** Asks the server for whom it takes the token's holder, which everybody may whom it knows. */
function whoAmI(actor: Actor): Promise<Answer> {
  const apiVersion = "authentication.k8s.io/v1";
  const body = { apiVersion, kind: "SelfSubjectReview" };
  return actor.request({ method: "POST", path: `/apis/${apiVersion}/selfsubjectreviews`, body }, nameIn);
}

function nameIn({ status, body }: Answer): string {
  const user = stringAt(objectAt(objectAt(body as Json, "status"), "userInfo"), "username");
  return status === 201 ? `taken for ${user ?? "somebody"}` : "not taken";
}
