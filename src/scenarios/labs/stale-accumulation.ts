import type { Json } from "../../model/api.ts";
import type { Judgement, Lab, Place, Stage, Twin } from "../lab/stage.ts";
import { actAsIdentity, START_SECONDS } from "./acts.ts";
import { backup, TTL_SECONDS } from "./backup.ts";
import { inconclusive } from "./judgements.ts";
import { keptToken } from "./kept-token.ts";
import { has, identity } from "./objects.ts";
import { lookBack } from "./stale-lists.ts";
import { runAndRotate } from "./stale-runs.ts";

const HARDENINGS = [
  { id: "ttl", field: "spec.jobTemplate.spec.ttlSecondsAfterFinished", control: "ttl" },
  {
    id: "value-in-file",
    field: "spec.jobTemplate.spec.template.spec.volumes[].secret instead of containers[].env[].value",
    control: "no-value-in-object",
  },
] as const;

/** Which of three values each run has: the second run has the first's, then it is rotated twice. */
const RUNS = [0, 0, 1, 2] as const;

/** Adversary 5: whoever may get and list pods and Jobs, after weeks of runs. */
export const staleAccumulation: Lab = {
  predicted: "ttl",
  hardenings: HARDENINGS,
  differs: [
    `the TTL is ${String(TTL_SECONDS)} seconds instead of 3600, and the adversary comes after it: before it he reads what a value in the pods would show; ${String(RUNS.length)} runs with two rotations follow each other at once and stand for weeks`,
  ],
  seconds: RUNS.length * START_SECONDS + 180,
  variants: [
    {
      id: "history-limits-0",
      what: "both history limits 0, no TTL",
      hardenings: ["history-limits"],
      predicted: "blocked",
    },
    {
      id: "token-kept",
      what: "a run's own token, kept after its completion while its pod is there",
      hardenings: ["token-kept"],
      predicted: "succeeded",
    },
    {
      id: "token-kept-pod-deleted",
      what: "a run's own token, kept after its completion and tried after the TTL has deleted its pod",
      hardenings: ["token-kept", "ttl"],
      predicted: "blocked",
    },
  ],
  objects: (place, twin) => [...reader(place, twin), ...rotator(place, twin), ...backup(place, twin)],
  attack: (stage, twin) => (has(twin, "token-kept") ? keptToken(stage, twin) : accumulate(stage, twin)),
};

function reader({ namespace }: Place, { name }: Twin): Json[] {
  const verbs = ["get", "list"];
  return identity(namespace, `${name}-reader`, [
    { apiGroups: [""], resources: ["pods"], verbs },
    { apiGroups: ["batch"], resources: ["jobs"], verbs },
  ]);
}

/** Whoever rotates the password, where it stands. */
function rotator({ namespace }: Place, { name }: Twin): Json[] {
  return identity(namespace, `${name}-rotator`, [
    { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: [name], verbs: ["patch"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [`${name}-value`], verbs: ["patch"] },
  ]);
}

async function accumulate(stage: Stage, twin: Twin): Promise<Judgement> {
  const canaries = [twin.canary, stage.canary(), stage.canary()];
  const reading = await actAsIdentity(stage, stage.place, `${twin.name}-reader`);
  if (reading === null) return inconclusive("the reader's objects are not there");
  const done = await runAndRotate(
    stage,
    twin,
    RUNS.map((which) => canaries[which]!),
  );
  return "missing" in done ? inconclusive(done.missing) : lookBack(stage, twin, reading, { done, canaries });
}
