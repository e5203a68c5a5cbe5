import type { Dependent, ResourceName } from "../../model/cleanup.ts";
import type { ObjectMeta, ObjectRef } from "../../model/object.ts";
import type { BlindSpot, Snapshot } from "../../model/snapshot.ts";
import { isProtected } from "./protected.ts";

/** An object that has owners, of whatever kind. */
export interface Owned {
  object: ObjectRef;
  resource: ResourceName;
  resourceVersion: string;
  /** uids of its owner references. */
  owners: string[];
  finalizers: string[];
  /** It carries the protect annotation. */
  isProtected: boolean;
}

/** What a kind that was not listed leaves uncertain. */
export const WHAT_ELSE_GOES = "what else would go along with Jobs and pods";

/** What was found that Jobs and pods own, and which kinds could not be looked at. */
export interface OwnedEvidence {
  owned: Owned[];
  blindSpots: BlindSpot[];
}

/** Kinds of the evidence that are kept whole, with how requests name them. */
const KEPT = [
  ["pods", "", "Pod"],
  ["jobs", "batch", "Job"],
  ["cronjobs", "batch", "CronJob"],
  ["serviceaccounts", "", "ServiceAccount"],
  ["roles", "rbac.authorization.k8s.io", "Role"],
  ["rolebindings", "rbac.authorization.k8s.io", "RoleBinding"],
  ["secrets", "", "Secret"],
  ["configmaps", "", "ConfigMap"],
] as const;

/** What the evidence itself holds of objects with owners. */
export function ownedIn(snapshot: Snapshot): Owned[] {
  return KEPT.flatMap(([resource, group, kind]) =>
    snapshot[resource].flatMap(({ meta }) =>
      meta.ownerReferences.length === 0 ? [] : [ownedBy(meta, kind, { group, version: "v1", resource })],
    ),
  );
}

function ownedBy(meta: ObjectMeta, kind: string, resource: ResourceName): Owned {
  const { namespace, name, uid, resourceVersion, finalizers } = meta;
  return {
    object: { kind, namespace, name, uid },
    resource,
    resourceVersion,
    owners: meta.ownerReferences.map((owner) => owner.uid),
    finalizers,
    isProtected: isProtected(meta),
  };
}

/** What an owner's uid leads to. */
export type OwnedIndex = ReadonlyMap<string, readonly Owned[]>;

/** Each object once, whatever the number of groups that serve it, by the uids of its owners. */
export function indexOwned(owned: readonly Owned[]): OwnedIndex {
  const known = new Set<string>();
  const index = new Map<string, Owned[]>();
  for (const one of owned) {
    const { uid } = one.object;
    if (uid === null || known.has(uid)) continue;
    known.add(uid);
    for (const owner of new Set(one.owners)) {
      const siblings = index.get(owner);
      if (siblings === undefined) index.set(owner, [one]);
      else siblings.push(one);
    }
  }
  for (const siblings of index.values()) if (siblings.length > 1) siblings.sort(byKindAndName);
  return index;
}

/** One object below another, with the uid of the owner that leads to it. */
export interface Below {
  owned: Owned;
  owner: string;
}

/**
 * Everything that an owner reference, or a chain of them, leads to from this object: owners before what they own, each object
 * once. References never cross namespaces (the garbage collector takes such an owner for absent).
 */
export function below({ uid, namespace }: Pick<ObjectRef, "uid" | "namespace">, index: OwnedIndex): Below[] {
  const found: Below[] = [];
  const seen = new Set([uid ?? ""]);
  // With a stack of its own: a chain is as long as whoever makes objects wants.
  const open = ownedBelow(uid ?? "", index);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { object } = next.owned;
    if (seen.has(object.uid!) || object.namespace !== namespace) continue;
    seen.add(object.uid!);
    found.push(next);
    for (const one of ownedBelow(object.uid!, index)) open.push(one);
  }
  return found;
}

/** The last one first, as a stack takes them. */
function ownedBelow(owner: string, index: OwnedIndex): Below[] {
  return (index.get(owner) ?? []).map((owned) => ({ owned, owner })).reverse();
}

/** As a plan shows it. `isSeenPod` tells the pods that were judged with their owner. */
export function dependentOf({ owned, owner }: Below, isSeenPod: (uid: string) => boolean): Dependent {
  const { object, resource, owners, finalizers } = owned;
  const shared = new Set(owners).size > 1;
  return { object, resource, owner, needsChoice: shared || !isSeenPod(object.uid!), shared, finalizers };
}

function byKindAndName({ object: a }: Owned, { object: b }: Owned): number {
  return compare(a.kind === "Pod" ? "" : a.kind, b.kind === "Pod" ? "" : b.kind) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
