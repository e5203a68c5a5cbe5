import { objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { itemsOf, nameOf, uidOf } from "../lab/json.ts";
import type { Answer, Stage, Twin } from "../lab/stage.ts";
import type { AccountAnswers, AskedAnswer } from "./account-judgement.ts";
import { pathsOf } from "./account-names.ts";
import { settled } from "./acts.ts";
import { holdsCanary } from "./find-canary.ts";
import { namesUser } from "./refusals.ts";

/** The driver asks for the process, with a token like the one in its pod. Throws ApiError. */
export async function askAll(stage: Stage, twin: Twin, pod: Json): Promise<AccountAnswers> {
  if (!hasToken(pod)) {
    const shows = "no volume of it has a token of the account";
    stage.record({
      as: null,
      by: "driver",
      act: `looks at pod/${nameOf(pod)}`,
      auditId: null,
      status: null,
      reason: null,
      shows,
    });
    return { token: false, answers: [] };
  }
  const account = { namespace: stage.place.namespace, name: twin.name };
  const actor = await stage.actAs(account, { kind: "Pod", name: nameOf(pod), uid: uidOf(pod) });
  const answers: AskedAnswer[] = [];
  const shows = (answer: Answer): string => telling(twin, answer);
  for (const [asked, path] of pathsOf(stage.place, twin)) {
    const answer =
      asked === "own" ? await settled(stage, actor, path, shows) : await actor.request({ method: "GET", path }, shows);
    const { status, reason, body } = answer;
    answers.push({ asked, status, reason, named: namesUser(answer, actor.user), hasCanary: isIn(twin, body) });
  }
  return { token: true, answers };
}

/** Whether admission gave the pod a token of its account. */
export function hasToken(pod: Json): boolean {
  return objectsAt(objectAt(pod, "spec"), "volumes").some(([volume]) =>
    objectsAt(objectAt(volume, "projected"), "sources").some(
      ([source]) => objectAt(source, "serviceAccountToken") !== null,
    ),
  );
}

function isIn({ canary }: Twin, body: Json): boolean {
  return [...holdsCanary(canary, body)].length > 0;
}

function telling(twin: Twin, { status, body }: Answer): string {
  if (status !== 200) return "refused";
  const { fingerprint } = twin.canary;
  const found = isIn(twin, body) ? `, the canary ${fingerprint} among them` : "";
  if (stringAt(body, "kind") === "SecretList") return `${String(itemsOf(body).length)} Secrets${found}`;
  return found === "" ? "the Secret, without the canary" : `the Secret, with the canary ${fingerprint}`;
}
