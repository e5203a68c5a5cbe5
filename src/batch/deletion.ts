import type { Retention } from "../model/report.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import type { Owners } from "./owners.ts";
import { refusesUpdates } from "./refused.ts";
import { instant } from "./time.ts";

/** A deadline that a controller lets pass by more than this is reported as overdue. */
export const OVERDUE_AFTER_SECONDS = 60;

/** Finalizers that Kubernetes' own controllers take off within seconds: they delay a deletion, and do not hold it. */
const TRANSIENT_FINALIZERS = new Set(["batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"]);

/** One way for an object to go. `deletesAt` is in milliseconds; null: it applies, at a time that nobody can give. */
export interface Ending extends Omit<Retention, "deletesAt"> {
  deletesAt: number | null;
  /** In milliseconds: `deletesAt` where it cannot come sooner, or when the last run that it takes starts. */
  notBefore: number;
  order: Order;
}

/**
 * What goes first: in the `foreground` what the object owns, in the `background` the object. `either`, where the
 * evidence does not tell: two controllers race, or an owner reference may lack blockOwnerDeletion.
 */
export type Order = "foreground" | "background" | "either";

/** An ending that is not overdue. */
export function ending(
  governedBy: Retention["governedBy"],
  deletesAt: number | null,
  why: string,
  order: Order = "background",
): Ending {
  const isBound = governedBy !== "none";
  const notBefore = deletesAt ?? Infinity;
  return {
    governedBy,
    deletesAt,
    notBefore,
    isBound,
    assumes: null,
    why,
    overdueSeconds: null,
    afterRuns: null,
    order,
  };
}

/** `cronjob/backup`, as kubectl writes it. */
export function title(object: CronJob | Job | Pod): string {
  return `${object.kind.toLowerCase()}/${object.meta.name}`;
}

/** Seconds by which `at` has passed, or null while that is within what a controller needs. */
export function overdue(at: number, takenAt: number): number | null {
  const seconds = Math.floor((takenAt - at) / 1000);
  return seconds > OVERDUE_AFTER_SECONDS ? seconds : null;
}

/** The deletion that has been asked for, or null. A pod's deletionTimestamp already includes its grace period. */
export function deletionUnderWay(object: CronJob | Job | Pod, owners: Owners): Ending | null {
  const asked = instant(object.meta.deletionTimestamp);
  if (asked === null) return null;
  const { finalizers } = object.meta;
  const overdueSeconds = overdue(asked, owners.takenAt);
  const held = holds(object, finalizers.includes("foregroundDeletion"), owners) ?? cannotLetGo(object);
  if (held !== null) return { ...ending("finalizer", null, `is being deleted, and ${held}`), overdueSeconds };
  const late =
    finalizers.length > 0
      ? `the finalizer ${finalizers.join(", ")} stays on`
      : `its node ${unconfirmed(object, owners)}`;
  const why = overdueSeconds === null ? "is being deleted" : `is being deleted, and ${late}`;
  return { ...ending("owner", asked, why), overdueSeconds };
}

/**
 * The garbage collector lets an object go by an update, which the API server may refuse; what a CronJob owns goes or is
 * released before that. A second deletion, in the background, drops the garbage collector's finalizers without an update.
 */
function cannotLetGo(object: CronJob | Job | Pod): string | null {
  if (object.kind !== "CronJob" || object.meta.finalizers.length === 0) return null;
  const refused = refusesUpdates(object);
  if (refused === null) return null;
  const { finalizers } = object.meta;
  return `the finalizer ${finalizers.join(", ")} cannot be taken off: the API server refuses its schedule (${refused})`;
}

/** The pod garbage collector ends the deletion of pods whose node is gone (pkg/controller/podgc). */
function unconfirmed(object: CronJob | Job | Pod, owners: Owners): string {
  const isGone = object.kind === "Pod" && owners.nodeOf(object).state === "gone";
  return isGone ? "is gone: the pod garbage collector is due to remove it" : "has not confirmed it";
}

/** Lets finalizers have their say: they turn the moment of deletion into an end at no known time. */
export function unlessHeld(given: Ending, object: CronJob | Job | Pod, owners: Owners): Ending {
  const held = given.deletesAt === null ? null : holds(object, given.order !== "background", owners);
  if (held === null) return given;
  const why = `${given.why}; but ${held}`;
  return { ...given, governedBy: "finalizer", deletesAt: null, notBefore: Infinity, isBound: true, assumes: null, why };
}

/** How the object's owners take it with them, or null where they stay or there are none. */
export function withOwner(object: Job | Pod, owners: Owners): Ending | null {
  const ownership = owners.ownership(object);
  switch (ownership.state) {
    case "none":
    case "released":
      return null;
    case "gone":
      return ending("owner", owners.takenAt, `${ownership.because}: the garbage collector is due to remove it`);
    case "unseen":
    case "foreign": {
      const { kind, name } = ownership.owner;
      const reason = ownership.state === "unseen" ? ownership.because : "that kind is not looked at";
      return ending("owner", null, `its ${kind.toLowerCase()}/${name} decides, and when is not known: ${reason}`);
    }
    case "present":
      return deletionOfOwner(ownership.object, ownership.controller, owners);
  }
}

/** True while the owner's deletion will leave what it owns behind (propagation policy Orphan). */
export function releasesDependents(owner: CronJob | Job): boolean {
  return owner.meta.deletionTimestamp !== null && owner.meta.finalizers.includes("orphan");
}

function deletionOfOwner(owner: CronJob | Job, controller: boolean, owners: Owners): Ending | null {
  if (owner.meta.deletionTimestamp === null || releasesDependents(owner)) return null;
  const foreground = owner.meta.finalizers.includes("foregroundDeletion");
  const why = `goes with ${title(owner)}, which is being deleted`;
  if (foreground && controller) {
    // What the owner controls goes first, whatever holds the owner; blockOwnerDeletion makes that sure, and is not seen.
    return ending("owner", owners.takenAt, why, owner.kind === "CronJob" ? "either" : "background");
  }
  // What does not block its owner is taken at once by a garbage collector that saw the deletion begin, and waits with one that
  // has started since (processTransitions, pkg/controller/garbagecollector/graph_builder.go).
  const held = holds(owner, foreground, owners);
  return held === null ? ending("owner", owners.takenAt, why) : ending("finalizer", null, `${why}, and ${held}`);
}

/** `finalizer example.com/keep of pod/p holds it`: its own, and in the foreground those of what it owns; null without any. */
function holds(object: CronJob | Job | Pod, foreground: boolean, owners: Owners): string | null {
  const own = holders(object);
  if (own.length > 0) return `finalizer ${own.join(", ")} holds it`;
  if (!foreground) return null;
  const blocking = dependentsOf(object, owners).filter((dependent) => holds(dependent, true, owners) !== null);
  return blocking.length === 0 ? null : `waits for ${blocking.map(title).join(", ")}, held by a finalizer`;
}

/** Whose finalizers hold a deletion that has been asked for: the object's own, or in the foreground those of what it owns. */
export function heldBy(object: CronJob | Job | Pod, owners: Owners): (CronJob | Job | Pod)[] {
  if (object.meta.deletionTimestamp === null) return [];
  return holdingObjects(object, object.meta.finalizers.includes("foregroundDeletion"), owners);
}

function holdingObjects(object: CronJob | Job | Pod, foreground: boolean, owners: Owners): (CronJob | Job | Pod)[] {
  if (holders(object).length > 0) return [object];
  return foreground ? dependentsOf(object, owners).flatMap((one) => holdingObjects(one, true, owners)) : [];
}

function dependentsOf(object: CronJob | Job | Pod, owners: Owners): readonly (Job | Pod)[] {
  if (object.kind === "Pod") return [];
  return object.kind === "Job" ? owners.podsOf(object) : owners.jobsOf(object);
}

/** The finalizers that stay until whoever set them takes them off. */
export function holders(object: CronJob | Job | Pod): string[] {
  return object.meta.finalizers.filter((finalizer) => !isTransientFinalizer(finalizer));
}

/** True for a finalizer that one of Kubernetes' own controllers takes off within seconds. */
export function isTransientFinalizer(finalizer: string): boolean {
  return TRANSIENT_FINALIZERS.has(finalizer);
}
