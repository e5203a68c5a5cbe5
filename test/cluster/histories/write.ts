import { randomUUID } from "node:crypto";
import { ensure } from "../../control-plane/act.ts";
import { cronJob } from "../../control-plane/cast/character.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import { stamp, type Stored } from "../../control-plane/story.ts";
import { etcdOf, minutesAgo, secondsAfter, storageKey } from "../../control-plane/time.ts";
import { KEEP, type Model } from "../batch-zoo.ts";
import type { Flaw, History, Past } from "./draw.ts";

const podSpec = { restartPolicy: "Never", containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };

/** Seconds that every past run took. */
export const TOOK = 30;

/** Once an hour, and not while a test runs. */
const hourly = (): string => `${String((new Date().getUTCMinutes() + 35) % 60)} * * * *`;

const FLAWS: Record<NonNullable<Flaw>, Stored> = {
  schedule: { schedule: "61 * * * *" },
  "time-zone": { timeZone: "Mars/Olympus" },
  "no-date": { schedule: "0 0 31 2 *" },
  deadline: { startingDeadlineSeconds: 0 },
};

/** Writes the histories straight into etcd, where no validation is in the way. Call it while the controllers are stopped. */
export async function writeHistories(
  plane: ControlPlane,
  namespace: string,
  model: Model,
  histories: readonly History[],
): Promise<void> {
  const stored: { key: string; value: Stored }[] = [];
  const add = (value: Stored) =>
    stored.push({ key: storageKey(value["kind"], namespace, value["metadata"].name), value });
  for (const history of histories) {
    const { name, policy, limits, suspend, flaw } = history;
    const manifest = cronJob(namespace, name, hourly(), podSpec, {
      concurrencyPolicy: policy,
      successfulJobsHistoryLimit: limits[0],
      failedJobsHistoryLimit: limits[1],
      suspend,
      jobSpec: { backoffLimit: 0 },
    });
    const created = await ensure(plane, manifest);
    const map = await ensure(plane, { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name } });
    const active: Stored[] = [];
    for (const past of history.jobs) {
      const [job, pod] = copyOf(model, past, ownersOf(past, name, created["metadata"].uid, map["metadata"].uid));
      add(job);
      if (past.withPod) add(pod);
      if (past.active)
        active.push({ apiVersion: "batch/v1", kind: "Job", namespace, name: past.name, uid: job["metadata"].uid });
    }
    const spec = { ...created["spec"], ...(flaw === null ? {} : FLAWS[flaw]) };
    add({
      ...created,
      kind: "CronJob",
      apiVersion: "batch/v1",
      spec,
      status: { active, lastScheduleTime: stamp(new Date()) },
    });
  }
  await etcdOf(plane).putMany(stored);
}

function ownersOf({ owner }: Past, name: string, uid: string, map: string): Stored[] {
  const cronJob = { apiVersion: "batch/v1", kind: "CronJob", name, uid };
  switch (owner) {
    case "none":
      return [];
    case "controller":
      return [{ ...cronJob, controller: true, blockOwnerDeletion: true }];
    case "owner":
      return [cronJob];
    case "stranger":
      return [{ apiVersion: "v1", kind: "ConfigMap", name, uid: map, controller: true }];
    case "recreated":
      return [{ ...cronJob, uid: randomUUID(), controller: true }];
  }
}

/** The model's Job and pod under another name, with the times and the state of the past run. */
export function copyOf(model: Model, past: Past, ownerReferences: Stored[], took = TOOK): [Stored, Stored] {
  const { job: oldJob, pod: oldPod } = model;
  const text = JSON.stringify([oldJob, oldPod])
    .replaceAll(oldJob["metadata"].uid, randomUUID())
    .replaceAll(oldPod["metadata"].uid, randomUUID())
    .replaceAll(oldPod["metadata"].name, `${past.name}-pod`)
    .replaceAll('"model"', JSON.stringify(past.name));
  const [job, pod] = JSON.parse(text) as [Stored, Stored];
  const begun = minutesAgo(past.minutesAgo ?? 60);
  const started = new Date(Math.floor(begun.getTime() / 60_000) * 60_000);
  job["metadata"] = { ...job["metadata"], ownerReferences, finalizers: past.kept ? [KEEP] : [] };
  if (past.ttl !== null) job["spec"].ttlSecondsAfterFinished = past.ttl;
  if (past.managedBy) job["spec"].managedBy = "rig.test/nobody";
  job["spec"].suspend = past.suspended;
  if (past.ended === null) job["status"] = {};
  else endIn(job, past.ended, secondsAfter(started, took));
  if (past.minutesAgo === null || past.suspended) delete job["status"].startTime;
  else job["status"].startTime = stamp(started);
  return [job, pod];
}

/** Gives the Job the conditions of one that ended then. */
export function endIn(job: Stored, ended: "Complete" | "Failed", at: Date): void {
  const condition = (type: string, reason: string) => ({
    type,
    status: "True",
    reason,
    lastProbeTime: stamp(at),
    lastTransitionTime: stamp(at),
  });
  job["status"].conditions =
    ended === "Complete"
      ? [condition("SuccessCriteriaMet", "CompletionsReached"), condition("Complete", "CompletionsReached")]
      : [condition("FailureTarget", "BackoffLimitExceeded"), condition("Failed", "BackoffLimitExceeded")];
  if (ended === "Complete") job["status"].completionTime = stamp(at);
  else delete job["status"].completionTime;
}
