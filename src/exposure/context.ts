import { indexOwners, type Owners } from "../batch/owners.ts";
import { podFinished } from "../batch/finish.ts";
import { hungBecause, typicalRuns } from "../batch/hung.ts";
import { retention } from "../batch/retention.ts";
import { whatIsWhole, type Seen } from "../scope/seen.ts";
import type { ServiceAccount } from "../model/access.ts";
import type { Time } from "../model/object.ts";
import type { Retention } from "../model/report.ts";
import type { SecretMeta, Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Literal, Pod } from "../model/workload.ts";
import type { Source } from "./class.ts";
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
  /** Pods of batch work: see isBatch. */
  pods: Pod[];
  retentionOf(object: Source): Retention;
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
  const typical = typicalRuns(owners);
  return {
    snapshot,
    owners,
    now: owners.takenAt,
    takenAt: snapshot.metadata.takenAt,
    whole: whatIsWhole(snapshot),
    pods: snapshot.pods.filter((pod) => isBatch(pod, owners)),
    retentionOf(object) {
      let known = retentions.get(object);
      if (known === undefined) {
        known = retention(object, owners);
        retentions.set(object, known);
      }
      return known;
    },
    hungBecause: (job) => hungBecause(job, owners, typical),
    earliestRun: indexRuns(snapshot, owners),
    serviceAccount: (namespace, name) => accounts.get(nameKey(namespace, name)) ?? null,
    secret: (namespace, name) => secrets.get(nameKey(namespace, name)) ?? null,
    legacyToken: (namespace, name) => (legacy.size === 0 ? null : (legacy.get(nameKey(namespace, name)) ?? null)),
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
