import { planCleanup } from "../../../src/cleanup/plan/index.ts";
import type { Owned, OwnedEvidence } from "../../../src/cleanup/plan/tree.ts";
import type { CleanupItem, CleanupPlan, CleanupRules } from "../../../src/model/cleanup.ts";
import type { Selection } from "../../../src/model/selection.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, Pod } from "../../../src/model/workload.ts";
import { controlledBy, everything, pod, terminated, ago } from "../batch/objects.ts";
import { seen } from "../exposure/objects.ts";

/** Rules that ask for nothing in particular. */
export function rules(more: Partial<CleanupRules> = {}): CleanupRules {
  return {
    olderThanSeconds: null,
    states: [],
    named: [],
    namespaces: [],
    stopRunning: false,
    yesUnseen: false,
    include: [],
    cascade: "background",
    by: "request",
    also: [],
    ...more,
  };
}

export function named(...objects: (Job | Pod | CronJob)[]): CleanupRules["named"] {
  return objects.map(({ kind, meta }) => ({ kind, namespace: meta.namespace, name: meta.name }));
}

/** The plan for objects of which everything was seen. */
export function planOf(
  objects: (CronJob | Job | Pod)[],
  given: Partial<CleanupRules> = {},
  more: { evidence?: Partial<OwnedEvidence>; snapshot?: Partial<Snapshot>; selection?: Partial<Selection> } = {},
): CleanupPlan {
  return planCleanup(seen(objects, more.snapshot), everything(more.selection), rules(given), {
    owned: [],
    blindSpots: [],
    ...more.evidence,
  });
}

/** The item of this name, or null. */
export function itemNamed({ items }: CleanupPlan, name: string): CleanupItem | null {
  return items.find(({ object }) => object.name === name) ?? null;
}

/** The completed pod of a Job, with the times of its container. */
export function podOf(job: Job, seconds: number, more: Parameters<typeof pod>[1] = {}): Pod {
  const { meta, ...rest } = more;
  return pod(`${job.meta.name}-x`, {
    containers: [terminated("main", ago(seconds))],
    ...rest,
    meta: { namespace: job.meta.namespace, ownerReferences: controlledBy(job), ...meta },
  });
}

/** Something that an owner's deletion takes along. */
export function owned(kind: string, name: string, owners: (Job | Pod | Owned)[], more: Partial<Owned> = {}): Owned {
  return {
    object: { kind, namespace: "database", name, uid: `uid-${kind}-${name}` },
    resource: { group: "", version: "v1", resource: `${kind.toLowerCase()}s` },
    resourceVersion: "1",
    owners: owners.map((owner) => ("meta" in owner ? owner.meta.uid : owner.object.uid!)),
    finalizers: [],
    isProtected: false,
    ...more,
  };
}
