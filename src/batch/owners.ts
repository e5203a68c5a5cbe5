import type { ObjectRef } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import { podFinished } from "./finish.ts";
import { indexForecasts, type Forecast } from "./forecast.ts";
import { indexCounted, indexHistory, type HistoryPlace } from "./history.ts";
import { indexNodes, type NodeState } from "./nodes.ts";
import { indexOwnership, type Ownership } from "./ownership.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { instant } from "./time.ts";

/** The owner chains of a snapshot: Pod → Job → CronJob. */
export interface Owners {
  /** The moment of the evidence, in milliseconds. */
  readonly takenAt: number;
  /** The Job that controls the pod, or null. */
  jobOf(pod: Pod): Job | null;
  /** The CronJob that controls the Job, or null; a CronJob recreated under the same name is another one. */
  cronJobOf(job: Job): CronJob | null;
  /** The topmost object of the chain; the object itself when nothing seen controls it. */
  rootOf(object: CronJob | Job | Pod): CronJob | Job | Pod;
  podsOf(job: Job): readonly Pod[];
  jobsOf(cronJob: CronJob): readonly Job[];
  /** What the object's owner references and labels say, with what the evidence can prove about it. */
  ownership(object: CronJob | Job | Pod): Ownership;
  /** The finished Job's place among those that a CronJob's history limits count; null where none counts it. */
  historyOf(job: Job): HistoryPlace | null;
  /** The CronJob that counts the Job now or once it has finished, by name alone; null where none does. */
  counterOf(job: Job): { cronJob: CronJob; whole: boolean } | null;
  /** When that CronJob's controller prunes or replaces the Job, at the earliest; null where no CronJob counts it. */
  forecastOf(job: Job): Forecast | null;
  nodeOf(pod: Pod): NodeState;
  /** Finished pods of all kinds in the evidence. */
  readonly finishedPods: number;
}

/** Names an object as reports do. */
export function refOf(object: CronJob | Job | Pod): ObjectRef {
  const { namespace, name, uid } = object.meta;
  return { kind: object.kind, namespace, name, uid };
}

/** Builds the index once for a snapshot; time and memory grow with the number of objects. */
export function indexOwners(snapshot: Snapshot): Owners {
  const takenAt = instant(snapshot.metadata.takenAt);
  if (takenAt === null) throw new RangeError(`takenAt is not a time: ${snapshot.metadata.takenAt}`);

  const jobs = byUid(snapshot.jobs);
  const cronJobs = byUid(snapshot.cronjobs);
  const jobsOfPods = new Map<Pod, Job | null>();
  // Asked several times of every pod.
  const jobOf = (pod: Pod): Job | null => jobsOfPods.getOrInsertComputed(pod, () => controller(pod, "Job", jobs));
  const cronJobOf = (job: Job): CronJob | null => controller(job, "CronJob", cronJobs);
  const pods = group(snapshot.pods, jobOf);
  const runs = group(snapshot.jobs, cronJobOf);
  const podsOf = (job: Job): readonly Pod[] => pods.get(job) ?? [];
  const ownership = indexOwnership(snapshot, jobs, cronJobs, takenAt);
  const counted = indexCounted(snapshot);
  const isWhole = whatIsWhole(snapshot);

  return {
    takenAt,
    jobOf,
    cronJobOf,
    rootOf(object) {
      const job = object.kind === "Pod" ? jobOf(object) : null;
      const nearest = job ?? object;
      return nearest.kind === "Job" ? (cronJobOf(nearest) ?? nearest) : nearest;
    },
    podsOf,
    jobsOf: (cronJob) => runs.get(cronJob) ?? [],
    ownership,
    historyOf: indexHistory(snapshot, counted),
    counterOf(job) {
      const cronJob = counted.cronJobOf(job);
      return cronJob === null ? null : { cronJob, whole: isWhole("jobs", job.meta.namespace) === null };
    },
    forecastOf: indexForecasts(snapshot, takenAt, { counted, podsOf, ownership }),
    nodeOf: indexNodes(snapshot, takenAt),
    finishedPods: snapshot.pods.filter(podFinished).length,
  };
}

function byUid<T extends CronJob | Job>(objects: readonly T[]): Map<string, T> {
  const index = new Map<string, T>();
  for (const object of objects) if (!index.has(object.meta.uid)) index.set(object.meta.uid, object);
  return index;
}

/** An owner reference never crosses namespaces, and its uid decides: a name can be used again. */
function controller<T extends CronJob | Job>(
  object: Job | Pod,
  kind: T["kind"],
  owners: ReadonlyMap<string, T>,
): T | null {
  const reference = object.meta.ownerReferences.find((one) => one.controller);
  if (reference?.kind !== kind) return null;
  const owner = owners.get(reference.uid);
  return owner !== undefined && owner.meta.namespace === object.meta.namespace ? owner : null;
}

function group<K, V>(values: readonly V[], keyOf: (value: V) => K | null): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === null) continue;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [value]);
    else list.push(value);
  }
  return groups;
}
