import { instant } from "../batch/time.ts";
import type { OwnerReference } from "../model/object.ts";
import type { ConfigMap, Resource } from "../model/snapshot.ts";
import type { Closing, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";

const STAYS: Closing = {
  at: null,
  because: "never",
  why: "until its key changes or the ConfigMap is deleted",
  isBound: false,
};

const KINDS: Record<string, Extract<Resource, "cronjobs" | "jobs" | "pods">> = {
  CronJob: "cronjobs",
  Job: "jobs",
  Pod: "pods",
};

/**
 * Until when a ConfigMap can be read: nothing takes it away but people and, once all of its owners are gone, the garbage
 * collector (pkg/controller/garbagecollector).
 */
export function configMapClosing({ meta }: ConfigMap, context: ExposureContext): Closing {
  if (meta.deletionTimestamp !== null) {
    const held = meta.finalizers.length === 0 ? "" : `, held by its finalizer ${meta.finalizers.join(", ")}`;
    return { at: null, because: "deletion-in-progress", why: `the ConfigMap is being deleted${held}`, isBound: true };
  }
  if (meta.ownerReferences.length === 0) return STAYS;
  return meta.ownerReferences.map((owner) => withOwner(owner, meta.namespace, context)).reduce(last);
}

function withOwner({ kind, name, uid }: OwnerReference, namespace: string | null, context: ExposureContext): Closing {
  const title = `${kind.toLowerCase()}/${name}`;
  const resource = KINDS[kind];
  const unseen = `goes with its owner ${title}, of which nothing is known`;
  if (resource === undefined) return { at: null, because: "owner-deletion", why: unseen, isBound: true };
  const objects: readonly Source[] = context.snapshot[resource];
  const owner = objects.find((one) => one.meta.uid === uid && one.meta.namespace === namespace);
  if (owner !== undefined) {
    const closing = context.closingOf(owner);
    const because = closing.because === "never" ? "never" : "owner-deletion";
    return { ...closing, because, why: `goes with its owner ${title}: ${closing.why}` };
  }
  if (context.whole(resource, namespace) !== null)
    return { at: null, because: "owner-deletion", why: unseen, isBound: true };
  const why = `its owner ${title} is gone, and the garbage collector removes it`;
  return { at: context.takenAt, because: "owner-deletion", why, isBound: true };
}

/** Of two owners the one that stays longer; one whose end nobody knows may outstay any time. */
function last(a: Closing, b: Closing): Closing {
  const end = ({ at, isBound }: Closing): number =>
    at === null ? (isBound ? Number.MAX_VALUE : Infinity) : instant(at)!;
  return end(b) > end(a) ? b : a;
}
