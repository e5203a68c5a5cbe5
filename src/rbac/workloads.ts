import type { ObjectRef } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { serviceAccountOf, type Workload } from "../scope/match.ts";
import { compareText } from "./subjects.ts";

/** One workload with the ServiceAccount it runs as and what stands above it. */
export interface Running {
  object: Workload;
  serviceAccount: { namespace: string; name: string };
  /** The object, its Job and its CronJob, as far as the evidence holds them, lowest first. */
  chain: Workload[];
  /** What people know it by: the CronJob instead of its Jobs and pods, another controller instead of its pods. */
  top: ObjectRef;
}

/** Every CronJob, Job and pod with the account it runs as. A run may still use an account that its CronJob has left. */
export function running(snapshot: Snapshot): Running[] {
  const byUid = new Map<string, Workload>();
  for (const object of [...snapshot.cronjobs, ...snapshot.jobs]) byUid.set(object.meta.uid, object);
  return [...snapshot.cronjobs, ...snapshot.jobs, ...snapshot.pods].map((object) => {
    const chain = ownersOf(object, byUid);
    return {
      object,
      serviceAccount: { namespace: object.meta.namespace ?? "", name: serviceAccountOf(object) },
      chain,
      top: topOf(chain.at(-1)!),
    };
  });
}

function ownersOf(object: Workload, byUid: ReadonlyMap<string, Workload>): Workload[] {
  const chain = [object];
  const ownerKind = { Pod: "Job", Job: "CronJob", CronJob: null } as const;
  for (let next: Workload = object; ;) {
    const controller = next.meta.ownerReferences.find((owner) => owner.controller);
    const owner = controller === undefined ? undefined : byUid.get(controller.uid);
    // One kind up at each step, so that a forged circle of references ends.
    if (owner?.kind !== ownerKind[next.kind] || owner.meta.namespace !== next.meta.namespace) return chain;
    chain.push(owner);
    next = owner;
  }
}

const APIS = { CronJob: "batch/v1", Job: "batch/v1", Pod: "v1" } as const;

function topOf({ kind, meta }: Workload): ObjectRef {
  const controller = kind === "Pod" ? meta.ownerReferences.find((owner) => owner.controller) : undefined;
  if (controller !== undefined && controller.kind !== "Job") {
    const { apiVersion, kind: owner, name, uid } = controller;
    return { apiVersion, kind: owner, namespace: meta.namespace, name, uid };
  }
  return { apiVersion: APIS[kind], kind, namespace: meta.namespace, name: meta.name, uid: meta.uid };
}

/** The distinct tops of some workloads, by kind and name. */
export function usedBy(workloads: readonly Running[]): ObjectRef[] {
  const refs = new Map(workloads.map(({ top }) => [refText(top), top]));
  return [...refs.values()].sort((a, b) => compareText(refText(a), refText(b)));
}

function refText({ kind, namespace, name, uid }: ObjectRef): string {
  return `${kind} ${namespace ?? ""} ${name} ${uid ?? ""}`;
}
