import type { ObjectRef, Time } from "./object.ts";
import type { Envelope, SubjectRef } from "./report.ts";

/** The fields that a hold changes, of a CronJob's or a Job's spec. */
export type HeldField = "suspend" | "successfulJobsHistoryLimit" | "failedJobsHistoryLimit" | "ttlSecondsAfterFinished";

/** One field of spec: what stood there, and what stands there after; null where the field is absent. */
export interface HoldChange {
  field: HeldField;
  from: boolean | number | null;
  to: boolean | number | null;
}

/**
 * What became of one CronJob or Job. `already`: nothing had to be changed; `changed`: somebody changed it since it was held;
 * `unknown`: no answer came, and reading it gave none either, or whose change it is cannot be told; `cannot`: no change of the
 * object would do it.
 */
export type HoldState =
  | "held"
  | "would-hold"
  | "already"
  | "released"
  | "would-release"
  | "changed"
  | "gone"
  | "forbidden"
  | "failed"
  | "unknown"
  | "cannot";

/** One CronJob, Job or pod that was to be held or released. */
export interface HoldItem {
  object: ObjectRef;
  state: HoldState;
  /** Fields that were changed, or would be; of a hold that is listed, those that it changed. */
  changes: HoldChange[];
  because: string;
  /** When it was held, and as whom; null where it is not held. */
  heldSince: Time | null;
  heldBy: string | null;
}

/** What a controller deletes as things stand then. */
export interface HoldLoss {
  object: ObjectRef;
  deletesAt: Time;
  isBound: boolean;
  /** What has to happen for it; null where nothing has to. */
  assumes: string | null;
  why: string;
}

/** Something that no change of a CronJob or Job keeps off. */
export interface NotHeld {
  what: "owner" | "being-deleted" | "node-removal" | "pod-gc" | "bare-pod" | "deadline";
  why: string;
  /** What it is known to concern, the first ten; empty where it may concern any of them. */
  objects: ObjectRef[];
  objectCount: number;
}

/** Whoever may still delete what is held, by RBAC. */
export interface MayDelete {
  subjects: { subject: SubjectRef; can: string[] }[];
  /** Subjects that Kubernetes' own bindings alone let do it. */
  builtIn: number;
  everyone: boolean;
  /** False where grants could not be seen: there may be more. */
  complete: boolean;
}

export interface HoldSummary {
  action: "hold" | "release" | "list";
  /** Where it was only tried: `client` sent nothing. */
  dryRun: "client" | "server" | null;
  byState: Record<HoldState, number>;
  /** Of a release: what the controllers delete at once, and within the hour. */
  goesAtOnce: HoldLoss[];
  goesSoon: HoldLoss[];
  /** CronJobs of which a run was missed meanwhile, which starts when they are released. */
  startsAtOnce: ObjectRef[];
  notHeld: NotHeld[];
  /** Null where it was not asked for. */
  mayDelete: MayDelete | null;
  /** The file with what was there before; null where nothing was written. */
  journal: string | null;
}

/** `hold -o json`: one item for each object that was to be held or released, or is held. */
export type HoldReport = Envelope<"HoldReport", HoldSummary, HoldItem>;
