import type { Json } from "../../model/api.ts";
import { nameOf } from "../lab/json.ts";
import type { Actor, Answer, Judgement, Lab, Place, Stage, Twin } from "../lab/stage.ts";
import { actAsIdentity, answerText, hasEnded, pathOf, podOf, settled, startRun } from "./acts.ts";
import { backup, TTL_SECONDS, wordsOf } from "./backup.ts";
import { podNow, stateOf } from "./cron-runs.ts";
import { holdsCanary } from "./find-canary.ts";
import { has, identity } from "./objects.ts";
import { isNotFound } from "./refusals.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";

const HARDENINGS = [
  {
    id: "value-in-file",
    field: "spec.jobTemplate.spec.template.spec.volumes[].secret instead of containers[].env[].value",
    control: "no-value-in-object",
  },
  { id: "ttl", field: "spec.jobTemplate.spec.ttlSecondsAfterFinished", control: "ttl" },
] as const;

/** The TTL controller works through its queue within this time after the TTL, in seconds. */
const LATE_SECONDS = 40;

/** Adversary 1: whoever may get and list pods looks into one that has finished. */
export const completedPod: Lab = {
  predicted: "no-value-in-object",
  hardenings: HARDENINGS,
  differs: [
    `the TTL is ${String(TTL_SECONDS)} seconds instead of 3600, and the pod is read as soon as it has finished`,
  ],
  seconds: 180,
  variants: [
    {
      id: "secret-key-ref",
      what: "the value by env[].valueFrom.secretKeyRef, which the pod object holds as a reference only",
      hardenings: ["value-by-reference"],
      predicted: "blocked",
    },
  ],
  objects: (place, twin) => [...reader(place, twin), ...backup(place, twin)],
  attack,
};

function reader({ namespace }: Place, { name }: Twin): Json[] {
  return identity(namespace, `${name}-reader`, [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }]);
}

async function attack(stage: Stage, twin: Twin): Promise<Judgement> {
  const { place } = stage;
  const job = `${twin.name}-run`;
  const actor = await actAsIdentity(stage, place, `${twin.name}-reader`);
  if (actor === null) return inconclusive("the reader's objects are not there");
  const run = await startRun(stage, twin.name, job);
  if (run === null) return inconclusive(`cronjob/${twin.name} is not there`);
  const pod = await podOf(stage, job, hasEnded);
  if (pod === null) return inconclusive(`job/${job} did not finish: ${stateOf(await podNow(stage, run))}`);
  const words = wordsOf(place, twin, pod);
  if ("missing" in words) return inconclusive(words.missing);
  return look(stage, twin, actor, nameOf(pod));
}

/** What the reader does once there is a finished pod. */
async function look(stage: Stage, twin: Twin, actor: Actor, pod: string): Promise<Judgement> {
  const pods = pathOf("pods", stage.place.namespace);
  const shows = (answer: Answer): string => telling(twin, answer);
  const list = await settled(stage, actor, pods, shows);
  const read = await actor.request({ method: "GET", path: `${pods}/${pod}` }, shows);
  const places = [...holdsCanary(twin.canary, read.body), ...holdsCanary(twin.canary, list.body)];
  if (places.length > 0) {
    return succeeded(`value in ${places[0] ?? ""} of the finished pod, by pods get and list`);
  }
  if (list.status !== 200 || read.status !== 200) {
    return inconclusive(`the pod could not be read while it was there: ${answerText(list)}, ${answerText(read)}`);
  }
  const because = "value not in the finished pod, which was read";
  if (!has(twin, "ttl")) return blocked("no-value-in-object", because);
  const last = { answer: read };
  await stage.wait("the TTL", TTL_SECONDS + LATE_SECONDS, async () => {
    last.answer = await actor.request({ method: "GET", path: `${pods}/${pod}` }, shows);
    return isNotFound(last.answer) ? true : null;
  });
  return afterTtl(twin, last.answer, because);
}

/** What became of a pod without a value. Where nothing tells whether it is gone, half of what was to be seen is missing. */
function afterTtl(twin: Twin, last: Answer, because: string): Judgement {
  const said = answerText(last);
  if (isNotFound(last)) return blocked("no-value-in-object", `${because}; after the TTL it is gone (${said})`);
  const [place] = holdsCanary(twin.canary, last.body);
  if (place !== undefined) return succeeded(`value in ${place} of the finished pod, by pods get`);
  if (last.status !== 200) return inconclusive(`${because}; whether the TTL deleted it is unknown: ${said}`);
  return blocked("no-value-in-object", `${because}; the TTL did not delete it in time (${said})`);
}

function telling({ canary }: Twin, { status, reason, body }: Answer): string {
  if (status !== 200) return `refused: ${reason ?? ""}`;
  const [place] = holdsCanary(canary, body);
  return place === undefined ? "no value in it" : `the canary ${canary.fingerprint} in ${place}`;
}
