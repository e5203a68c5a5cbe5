import type { IgnoredCounts } from "./ignored.ts";
import type { ObjectRef, Time } from "./object.ts";
import type { Envelope } from "./report.ts";

export type StaleState = "completed" | "failed" | "hung" | "orphaned" | "suspended" | "stuck-deleting";

/** What will remove an object, and when. `deletesAt` null: no time can be given, `why` says why. */
export interface Retention {
  governedBy: "ttl" | "history-limit" | "owner" | "pod-gc" | "finalizer" | "none";
  deletesAt: Time | null;
  isBound: boolean;
  /** What has to happen for `deletesAt` to hold, such as that the next two runs succeed; null where nothing has to. */
  assumes: string | null;
  why: string;
  overdueSeconds: number | null;
  /**
   * History limits: how many more finished runs of the same outcome it takes; null for everything else. With `none`: as
   * many would do, but the CronJob is suspended.
   */
  afterRuns: number | null;
}

export interface StaleItem {
  object: ObjectRef;
  state: StaleState;
  /** What makes it that: containers by name, finalizers, a missing owner. */
  because: string;
  owner: ObjectRef | null;
  startedAt: Time | null;
  finishedAt: Time | null;
  ageSeconds: number | null;
  retention: Retention;
  /** Credentials that stand in the object as literals, and are not ignored. */
  credentials: number;
  /** Those that the rules file or an annotation ignores. */
  ignored: IgnoredCounts;
}

/** Evidence that disappears within the hour. */
export interface GoesAway {
  object: ObjectRef;
  deletesAt: Time;
  /** True when it may go sooner, or later where it assumes something. */
  isBound: boolean;
  assumes: string | null;
  why: string;
  /** Credentials that go with it. */
  carries: number;
  /** Arguments of the hold that keeps it: `hold cronjob/backup -n database`; null where none does. */
  hold: string | null;
}

/** One digest that an image reference meant, with the runs that had it. */
export interface ImageDigest {
  /** `sha256:…`, as the container runtime reported it. */
  digest: string;
  /** The pod that had it first among those that are retained. */
  firstRun: ObjectRef;
  startedAt: Time | null;
  /** Retained pods that had it. */
  runs: number;
}

/** An image reference that meant different images in retained runs of one workload. */
export interface ImageChange {
  workload: ObjectRef;
  container: string;
  /** As the template names it. */
  image: string;
  /** In the order in which they came up. */
  digests: ImageDigest[];
  /** The first pod that ran another image than the one before it, and when it started. */
  firstToDiffer: ObjectRef;
  changedAt: Time | null;
  /** How often two successive runs differ: more than once where it changed back. */
  changes: number;
  /** Nodes that the runs were on: those of several architectures, or with their own stores, may differ for that reason. */
  nodes: string[];
}

export interface StaleSummary {
  /** A lower bound when the report is not complete; null where none was found and Jobs were not all seen. */
  jobs: number | null;
  /** As `jobs`. */
  pods: number | null;
  byState: Record<StaleState, number>;
  /** Governed by `none`: no end is known. */
  neverDeleted: number;
  deletedWithinHour: number;
  /** Jobs and lone pods of these, soonest first, and running Jobs that the next run replaces. */
  goesAwaySoon: GoesAway[];
  /** Image references that changed between the runs of what was selected, finished or running. */
  imageChanges: ImageChange[];
  /** Sums over the items, in which one credential may stand several times. */
  ignored: IgnoredCounts;
}

export type StaleReport = Envelope<"StaleReport", StaleSummary, StaleItem>;
