import { randomUUID } from "node:crypto";
import { ensure, must, pathOf } from "../control-plane/act.ts";
import { cronJob, job } from "../control-plane/cast/character.ts";
import type { ControlPlane } from "../control-plane/provider.ts";
import { stamp, type Stored } from "../control-plane/story.ts";
import { etcdOf, finishedJob, podsOf, secondsAgo, storageKey } from "../control-plane/time.ts";

/** Holds whatever carries it; no controller knows it. */
export const KEEP = "rig.test/keep";

const podSpec = { containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Policy = "Background" | "Foreground" | "Orphan";

/** One Job with one pod, as it is written and then deleted. */
export interface Exhibit {
  ttl: number | null;
  ended: "Complete" | "Failed" | null;
  started: boolean;
  owner: "none" | "controller" | "owner" | "same-name" | "recreated" | "missing";
  kept: boolean;
  podKept: boolean;
  deleted: Policy | null;
  /**
   * Timing decides. Two controllers act on a Job that a finalizer holds, one of which takes its pods first (foreground)
   * and the other after it; or an owner that waits for others owns it without blockOwnerDeletion.
   */
  raced: boolean;
}

/** A CronJob whose Jobs are exhibits. */
interface Keeper {
  name: string;
  uid: string;
  limits: [successful: number, failed: number];
  deleted: Policy | null;
}

/**
 * Draws one Job. Pods are held and Jobs are deleted only where no controller acts on the same Job: which of two comes
 * first would decide whether pods are orphaned, collected, or waited for.
 */
function draw(random: () => number, keeper: Keeper): Exhibit {
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)]!;
  const controlled = ["controller", "controller", "controller"] as const;
  const owner = pick<Exhibit["owner"]>("none", ...controlled, "owner", "same-name", "recreated", "missing");
  const lost = owner === "recreated" || owner === "missing";
  const pruned = ["controller", "same-name", "recreated"].includes(owner) && keeper.limits[0] < 50;
  const untouched = !pruned && !lost && keeper.deleted === null;
  const ttl = pick(null, null, 60, 86_400);
  const kept = pick(true, false, false, false);
  const expired = ttl === 60 && (pruned || lost || keeper.deleted !== null);
  return {
    ttl,
    ended: pick("Complete", "Complete", "Complete", "Failed", null),
    started: pick(true, true, true, false),
    owner,
    kept,
    podKept: owner === "none" && pick(true, false, false, false),
    deleted: untouched ? pick<Policy | null>(null, null, null, "Background", "Foreground", "Orphan") : null,
    raced: keeper.deleted === "Foreground" ? kept || owner === "owner" : kept && expired,
  };
}

/** Fills the namespace with CronJobs and Jobs in all sorts of states. Call it while the controllers are stopped. */
export async function buildZoo(
  plane: ControlPlane,
  namespace: string,
  model: Model,
  seed: number,
  jobs: number,
): Promise<Map<string, Exhibit>> {
  const random = randomFrom(seed);
  const keepers: Keeper[] = [];
  for (let index = 0; index < 8; index++) {
    const deleted = ([null, null, null, null, null, "Background", "Foreground", "Orphan"] as const)[index]!;
    const limits: [number, number] = deleted === null ? [Math.floor(random() * 3), Math.floor(random() * 2)] : [50, 50];
    const name = `keeper-${String(index)}`;
    const history = {
      successfulJobsHistoryLimit: limits[0],
      failedJobsHistoryLimit: limits[1],
      suspend: random() < 0.3,
    };
    const created = await ensure(plane, cronJob(namespace, name, "0 0 1 1 *", podSpec, history));
    await ensure(plane, { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name } });
    keepers.push({ name, uid: created["metadata"].uid, limits, deleted });
  }
  const configMaps = new Map<string, string>();
  for (const { name } of keepers)
    configMaps.set(name, (await must(plane, "GET", pathOf("ConfigMap", namespace, name)))["metadata"].uid);

  const exhibits = new Map<string, Exhibit>();
  const stored: { key: string; value: Stored }[] = [];
  for (let index = 0; index < jobs; index++) {
    const keeper = keepers[index % keepers.length]!;
    const name = `job-${String(index)}`;
    const exhibit = draw(random, keeper);
    exhibits.set(name, exhibit);
    for (const value of copy(model, name, exhibit, reference(exhibit, keeper, configMaps.get(keeper.name)!), random)) {
      stored.push({ key: storageKey(value["kind"], namespace, value["metadata"].name), value });
    }
  }
  await etcdOf(plane).putMany(stored);
  for (const [name, { deleted }] of exhibits) {
    if (deleted !== null) await must(plane, "DELETE", `${pathOf("Job", namespace, name)}?propagationPolicy=${deleted}`);
  }
  for (const { name, deleted } of keepers) {
    if (deleted !== null)
      await must(plane, "DELETE", `${pathOf("CronJob", namespace, name)}?propagationPolicy=${deleted}`);
  }
  return exhibits;
}

/** A finished Job and its pod as the real controllers left them. */
export interface Model {
  job: Stored;
  pod: Stored;
}

/** Runs one Job for the zoo to copy. Call it while the controllers run. */
export async function modelRun(plane: ControlPlane, namespace: string): Promise<Model> {
  await ensure(plane, job(namespace, "model", podSpec));
  await finishedJob(plane, namespace, "model");
  const pod: string = (await podsOf(plane, namespace, "model"))[0]!["metadata"].name;
  const read = async (kind: string, name: string) =>
    (await etcdOf(plane).get(storageKey(kind, namespace, name))) as Stored;
  return { job: await read("Job", "model"), pod: await read("Pod", pod) };
}

function reference({ owner }: Exhibit, keeper: Keeper, configMap: string): Stored[] {
  const cronJob = { apiVersion: "batch/v1", kind: "CronJob", name: keeper.name, uid: keeper.uid };
  switch (owner) {
    case "none":
      return [];
    case "controller":
      return [{ ...cronJob, controller: true, blockOwnerDeletion: true }];
    case "owner":
      return [cronJob];
    case "same-name":
      return [{ apiVersion: "v1", kind: "ConfigMap", name: keeper.name, uid: configMap, controller: true }];
    case "recreated":
      return [{ ...cronJob, uid: randomUUID(), controller: true }];
    case "missing":
      return [{ ...cronJob, name: "nobody", uid: randomUUID(), controller: true }];
  }
}

function copy(
  model: Model,
  name: string,
  exhibit: Exhibit,
  ownerReferences: Stored[],
  random: () => number,
): [Stored, Stored] {
  const { job: oldJob, pod: oldPod } = model;
  const text = JSON.stringify([oldJob, oldPod])
    .replaceAll(oldJob["metadata"].uid, randomUUID())
    .replaceAll(oldPod["metadata"].uid, randomUUID())
    .replaceAll(oldPod["metadata"].name, `${name}-pod`)
    .replaceAll('"model"', JSON.stringify(name));
  const [ownJob, ownPod] = JSON.parse(text) as [Stored, Stored];
  // Whole minutes, so that some Jobs start in the same second.
  const started = stamp(secondsAgo(3600 + 60 * Math.floor(random() * 20)));
  ownJob["metadata"] = { ...ownJob["metadata"], ownerReferences, finalizers: exhibit.kept ? [KEEP] : [] };
  if (exhibit.ttl !== null) ownJob["spec"].ttlSecondsAfterFinished = exhibit.ttl;
  const { conditions } = ownJob["status"];
  ownJob["status"].startTime = started;
  for (const condition of conditions) condition.lastTransitionTime = stamp(secondsAgo(1800));
  if (exhibit.ended === "Failed") ownJob["status"].conditions = [{ ...conditions.at(-1), type: "Failed" }];
  // The job controller would go on with a Job that it manages.
  if (exhibit.ended === null) {
    ownJob["spec"].managedBy = "rig.test/nobody";
    ownJob["status"] = { startTime: started };
  } else if (!exhibit.started) delete ownJob["status"].startTime;
  ownPod["metadata"].finalizers = exhibit.podKept ? [KEEP] : [];
  return [ownJob, ownPod];
}
