import type { Json } from "../../model/api.ts";
import type { Judgement, Lab, Place, Stage, Twin } from "../lab/stage.ts";
import { askAll } from "./account-asks.ts";
import { judgeAsked } from "./account-judgement.ts";
import { namesOf } from "./account-names.ts";
import { accountScript } from "./account-script.ts";
import { reported } from "./account-report.ts";
import { hasEnded, isRunning, podOf, startRun } from "./acts.ts";
import { podNow, stateOf } from "./cron-runs.ts";
import { inconclusive } from "./judgements.ts";
import { grant, has, secret, serviceAccount, suspendedCronJob } from "./objects.ts";
import { podSpec } from "./pod.ts";

const HARDENINGS = [
  { id: "resource-names", field: "rules[].resourceNames of the account's Role", control: "least-privilege" },
  { id: "get-only", field: "rules[].verbs of the account's Role: get without list", control: "least-privilege" },
  { id: "one-namespace", field: "a Role in the workload's own namespace alone", control: "least-privilege" },
] as const;

/** Longer than the driver takes for its requests, so that the account's pod still runs. */
const DRIVER_SECONDS = 60;

/** Adversary 2: whoever is inside the workload's process uses its account. */
export const overPermissiveAccount: Lab = {
  predicted: "least-privilege",
  hardenings: HARDENINGS,
  differs: [
    "two namespaces of the run stand for all namespaces: the account's rights come from a Role in each, not from a ClusterRole, so that no other Secret is read",
  ],
  seconds: 180,
  variants: [
    {
      id: "no-token",
      what: "the default rights, and automountServiceAccountToken false",
      hardenings: ["no-token"],
      predicted: "blocked",
    },
  ],
  objects,
  attack,
};

function objects(place: Place, twin: Twin): Json[] {
  const { namespace, other } = place;
  const { own, neighbour } = namesOf(twin);
  const account = { namespace, name: twin.name };
  const rule = {
    apiGroups: [""],
    resources: ["secrets"],
    verbs: has(twin, "get-only") ? ["get"] : ["get", "list"],
    ...(has(twin, "resource-names") ? { resourceNames: [own] } : {}),
  };
  return [
    serviceAccount(namespace, twin.name),
    secret(namespace, own),
    secret(namespace, neighbour, twin.canary),
    secret(other, neighbour, twin.canary),
    ...(has(twin, "one-namespace") ? [] : grant(other, twin.name, account, [rule])),
    // Last, because authorizers hear of roles and bindings in their order: who may read the own Secret has all other rights.
    ...grant(namespace, twin.name, account, [rule]),
    suspendedCronJob(place, twin.name, workload(place, twin)),
  ];
}

function workload(place: Place, twin: Twin): Json {
  const isDriver = place.placement === "driver";
  const container = {
    name: "backup",
    imagePullPolicy: "IfNotPresent",
    command: isDriver ? ["sleep", String(DRIVER_SECONDS)] : ["sh", "-c", accountScript(place, twin)],
    env: isDriver ? [] : twin.canary.hashing,
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
  };
  const volumes = [{ name: "tmp", emptyDir: {} }];
  const token = has(twin, "no-token") ? { automountServiceAccountToken: false } : {};
  return podSpec(place, container, { serviceAccountName: twin.name, volumes, ...token });
}

async function attack(stage: Stage, twin: Twin): Promise<Judgement> {
  const job = `${twin.name}-run`;
  const run = await startRun(stage, twin.name, job);
  if (run === null) return inconclusive(`cronjob/${twin.name} is not there`);
  const isDriver = stage.place.placement === "driver";
  const pod = await podOf(stage, job, (one) => hasEnded(one) || (isDriver && isRunning(one)));
  if (pod === null) {
    const state = stateOf(await podNow(stage, run));
    return inconclusive(`the pod of job/${job} did not ${isDriver ? "run" : "finish"} in time: ${state}`);
  }
  const asked = isDriver ? await askAll(stage, twin, pod) : reported(stage, twin, pod);
  return "missing" in asked ? inconclusive(asked.missing) : judgeAsked(twin, asked);
}
