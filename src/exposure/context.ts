import { indexOwners, refOf, type Owners } from "../batch/owners.ts";
import { podFinished } from "../batch/finish.ts";
import { hungBecause, typicalRuns } from "../batch/hung.ts";
import { retention } from "../batch/retention.ts";
import { whatIsWhole, type Seen } from "../scope/seen.ts";
import type { ServiceAccount } from "../model/access.ts";
import type { ObjectRef, Time } from "../model/object.ts";
import type { Retention } from "../model/report.ts";
import type { SecretMeta, Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Literal, Pod } from "../model/workload.ts";
import type { Closing, Source } from "./class.ts";
import { objectClosing } from "./closed.ts";
import { indexLegacyTokens, type LegacyToken } from "./legacy.ts";
import { indexRuns } from "./opened.ts";

/** What every exposure class is judged from; built once for a snapshot. */
export interface ExposureContext {
  snapshot: Snapshot;
  owners: Owners;
  /** The moment of the evidence: the only clock, in milliseconds and as the snapshot writes it. */
  now: number;
  takenAt: Time;
  /** Null where an object that is not in the evidence did not exist. */
  whole: Seen;
  /** True for what is deleted, or was changed, and is still read back by an old resourceVersion (Snapshot.earlier). */
  isEarlier(source: Source): boolean;
  /** True where an object with its uid is still there. */
  isPresent(source: Source): boolean;
  /** Owner chains in which the source stands: for earlier objects among earlier ones too. */
  ownersOf(source: Source): Owners;
  /** The topmost object of the owner chain. */
  rootOf(source: Source): Source;
  /** Pods of batch work: see isBatch. */
  pods: Pod[];
  retentionOf(object: Source): Retention;
  /** Until when the object itself can be read; see objectClosing. */
  closingOf(object: Source): Closing;
  /** The object as reports name it. */
  refOf(object: Source): ObjectRef;
  /** Why the Job hangs, or null where it does not as far as is seen. */
  hungBecause(job: Job): string | null;
  /** The earliest retained run of the CronJob that carries the same value in the same place, in milliseconds. */
  earliestRun(cronJob: CronJob, literal: Literal): number | null;
  serviceAccount(namespace: string, name: string): ServiceAccount | null;
  secret(namespace: string, name: string): SecretMeta | null;
  /** The legacy ServiceAccount token that a Secret holds, or null where it holds none as far as is seen. */
  legacyToken(namespace: string, name: string): LegacyToken | null;
}

/** Indexes the snapshot; linear in its size. */
export function exposureContext(snapshot: Snapshot): ExposureContext {
  const owners = indexOwners(snapshot);
  const accounts = new Map(snapshot.serviceaccounts.map((one) => [nameKey(one.meta.namespace, one.meta.name), one]));
  const secrets = new Map(snapshot.secrets.map((one) => [nameKey(one.meta.namespace, one.meta.name), one]));
  const legacy = indexLegacyTokens(snapshot);
  const retentions = new Map<Source, Retention>();
  const closings = new Map<Source, Closing>();
  const refs = new Map<Source, ObjectRef>();
  const typical = typicalRuns(owners);
  const cronJobs = new Map(snapshot.cronjobs.map((one) => [one.meta.uid, one]));
  const earlier = new Set<Source>(earlierObjects(snapshot));
  const earlierOwners = earlier.size === 0 ? owners : indexOwners(withEarlier(snapshot));
  const context: ExposureContext = {
    snapshot,
    owners,
    now: owners.takenAt,
    takenAt: snapshot.metadata.takenAt,
    whole: whatIsWhole(snapshot),
    isPresent: ({ meta }) => cronJobs.has(meta.uid),
    isEarlier: (source) => earlier.has(source),
    ownersOf: (source) => (earlier.has(source) ? earlierOwners : owners),
    rootOf(source) {
      const root = context.ownersOf(source).rootOf(source);
      // What a CronJob was is of the CronJob that is there.
      return root.kind === "CronJob" ? (cronJobs.get(root.meta.uid) ?? root) : root;
    },
    pods: snapshot.pods.filter((pod) => isBatch(pod, owners)),
    retentionOf(object) {
      let known = retentions.get(object);
      if (known === undefined) {
        known = retention(object, owners);
        retentions.set(object, known);
      }
      return known;
    },
    closingOf(object) {
      let known = closings.get(object);
      if (known === undefined) closings.set(object, (known = objectClosing(object, context)));
      return known;
    },
    refOf(object) {
      let known = refs.get(object);
      if (known === undefined) refs.set(object, (known = refOf(object)));
      return known;
    },
    hungBecause: (job) => hungBecause(job, owners, typical),
    earliestRun: indexRuns(snapshot, owners),
    serviceAccount: (namespace, name) => accounts.get(nameKey(namespace, name)) ?? null,
    secret: (namespace, name) => secrets.get(nameKey(namespace, name)) ?? null,
    legacyToken: (namespace, name) => (legacy.size === 0 ? null : (legacy.get(nameKey(namespace, name)) ?? null)),
  };
  return context;
}

/** What was recovered, CronJobs first. */
export function earlierObjects({ earlier }: Snapshot): Source[] {
  return earlier === null ? [] : [...earlier.cronjobs, ...earlier.jobs, ...earlier.pods];
}

/** Present objects with those that are deleted; a CronJob that is there is not doubled by what it was. */
function withEarlier(snapshot: Snapshot): Snapshot {
  const { earlier } = snapshot;
  if (earlier === null) return snapshot;
  const present = new Set(snapshot.cronjobs.map(({ meta }) => meta.uid));
  return {
    ...snapshot,
    cronjobs: [...snapshot.cronjobs, ...earlier.cronjobs.filter(({ meta }) => !present.has(meta.uid))],
    jobs: [...snapshot.jobs, ...earlier.jobs],
    pods: [...snapshot.pods, ...earlier.pods],
  };
}

/** A key for namespaced names; `/` is in neither part. */
export function nameKey(namespace: string | null, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

/** Controllers of pods that are no batch work. */
const OTHER_WORKLOADS = new Set(["ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Node"]);

/**
 * True for pods that do batch work: those of a Job, and those of no other workload that have finished or are made to
 * finish. A Job's template may not say restartPolicy Always (pkg/apis/batch/validation), so a pod that was orphaned
 * from its Job is still known by it.
 */
export function isBatch(pod: Pod, owners: Pick<Owners, "jobOf">): boolean {
  const controller = pod.meta.ownerReferences.find((one) => one.controller);
  if (controller !== undefined && OTHER_WORKLOADS.has(controller.kind)) return false;
  return podFinished(pod) || pod.template.restartPolicy !== "Always" || owners.jobOf(pod) !== null;
}

/** True where the API server has admitted the object; a manifest that was never applied has no resourceVersion. */
export function isAdmitted(object: Source): boolean {
  return object.meta.resourceVersion !== "";
}

/** True when a Job or pod has finished; a CronJob never does. */
export function isFinished(object: Source, finishedJob: (job: Job) => boolean): boolean {
  if (object.kind === "CronJob") return false;
  return object.kind === "Pod" ? podFinished(object) : finishedJob(object);
}
