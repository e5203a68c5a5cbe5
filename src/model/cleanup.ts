import type { ObjectRef, Time } from "./object.ts";
import type { Envelope, StaleState } from "./report.ts";

/** What keeps an object out of a cleanup. */
export type Refusal =
  | "active"
  | "suspended"
  | "unfinished-job"
  | "finalizer"
  | "being-deleted"
  | "recreated"
  | "protected-namespace"
  | "protected"
  | "managed"
  | "too-young"
  | "age-unknown"
  | "unseen-dependents"
  | "no-ttl"
  | "changed";

/** How dependents go: `background` leaves them to the garbage collector, `foreground` keeps the object until they are gone. */
export type Cascade = "background" | "foreground";

/** How a chosen object goes: by a request that deletes it, or a Job by a TTL of 0, which has the TTL controller delete it. */
export type By = "request" | "ttl";

/** A change that was asked for besides the deletions (--also). */
export type Also =
  | { way: "suspend" }
  /** Seconds that Jobs to come stay for after their end. */
  | { way: "ttl"; seconds: number }
  /** The most finished runs of each outcome that are kept. */
  | { way: "history-limit"; limit: number }
  | { way: "delete-token" };

/** A merge patch of a CronJob, without its preconditions. */
export interface CronJobPatch {
  spec: {
    suspend?: boolean;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate?: { spec: { ttlSecondsAfterFinished: number } };
  };
}

/** The API resource of an object, as requests name it. */
export interface ResourceName {
  group: string;
  version: string;
  resource: string;
}

/** Something that goes along, because an owner reference of it, or of its owner, leads to the object. */
export interface Dependent {
  object: ObjectRef;
  resource: ResourceName;
  /** uid of the object that owns it directly. */
  owner: string;
  /** True for what is no pod, or no pod that was listed: it needs a choice of its own. */
  needsChoice: boolean;
  /** True where it has other owners as well, which may keep it. */
  shared: boolean;
  /** Finalizers that hold its deletion. */
  finalizers: string[];
}

/** What the deletion of one object ends, in the words of the exposure model. */
export interface Ended {
  /** Ids of exposures that lose at least one carrier. */
  exposures: string[];
  /** Of these, what ends altogether. */
  closed: string[];
  /** Tokens bound to its pods at this API server. */
  tokens: number;
  /** Credential-hours at rest that are saved; null: a window has no end, so 24 a day and more. */
  savesHours: number | null;
}

/** One Job or bare pod, judged. */
export interface CleanupItem {
  object: ObjectRef;
  resource: ResourceName;
  /** As it was when it was judged; a deletion demands it, together with the uid. */
  resourceVersion: string;
  state: StaleState | "active";
  because: string;
  owner: ObjectRef | null;
  finishedAt: Time | null;
  ageSeconds: number | null;
  /** True where the finish time is not known and the age is at most that. */
  ageIsBound: boolean;
  /** `delete`: safe; `choose`: only by a choice of its own, `needsBecause` says why; `refuse`: not at all. */
  decision: "delete" | "choose" | "refuse";
  needsBecause: string | null;
  refusal: Refusal | null;
  refusedBecause: string | null;
  /** Its pods and everything else, owners before what they own. */
  dependents: Dependent[];
  ends: Ended;
}

/** What was asked of a cleanup; a plan carries it, and is executed by the same rules. */
export interface CleanupRules {
  olderThanSeconds: number | null;
  states: StaleState[];
  /** Objects named as TYPE/NAME: what names alone may do, such as a protected namespace. */
  named: { kind: string; namespace: string | null; name: string }[];
  /** Namespaces that were named, and are cleaned although they are protected. */
  namespaces: string[];
  stopRunning: boolean;
  /** Kinds that may not be listed are accepted. */
  yesUnseen: boolean;
  /** Resources that may go along without a choice of their own: `secrets`, `workloads.kueue.x-k8s.io`. */
  include: string[];
  /** `foreground` with a TTL: the TTL controller deletes so. */
  cascade: Cascade;
  by: By;
  /** What is changed besides. */
  also: Also[];
}

/** A credential that was exposed, and has to be made anew whatever is deleted. */
export interface Rotation {
  id: string;
  name: string;
  kind: string;
  ref: { namespace: string; name: string; key: string | null } | null;
  since: Time;
  readers: number | null;
  everyone: boolean;
}

/** Something that can be done besides a deletion, or instead of the next one; nothing of it happens by itself. */
export interface OtherWay {
  /** `ttl`: future Jobs delete themselves; `suspend`: no further run; `delete-token`: a legacy token ends with its Secret. */
  way: "ttl" | "suspend" | "delete-token";
  object: ObjectRef;
  resource: ResourceName;
  /** As it was when it was judged; null where the object was not seen. */
  resourceVersion: string | null;
  because: string;
  /** A merge patch; null for a deletion. */
  patch: CronJobPatch | null;
  /** The patch as lines of a diff of the object's YAML; empty for a deletion. */
  diff: string[];
  /** The same with kubectl. */
  command: string;
  /** Objects of the plan that it is about. */
  items: number;
}

/** One change that --also asked for, judged. */
export interface CleanupChange {
  way: Also["way"];
  object: ObjectRef;
  resource: ResourceName;
  /** As it was when it was judged; null where the object was not seen. */
  resourceVersion: string | null;
  because: string;
  /** Null for a deletion. */
  patch: CronJobPatch | null;
  /** The patch as lines of a diff of the object's YAML; empty for a deletion. */
  diff: string[];
  /** Jobs that the CronJob controller would delete at once by it: they have to be chosen, and are deleted before it. */
  takes: ObjectRef[];
  /** uids of the plan's objects that it goes with; empty where its CronJob itself was named. */
  items: string[];
  decision: "change" | "refuse";
  refusedBecause: string | null;
}

export interface CleanupSummary {
  toDelete: number;
  toChoose: number;
  refused: number;
  pods: number;
  /** Dependents that are no pods. */
  others: number;
  /** Exposures that lose a carrier, those that end altogether included. */
  exposures: number;
  exposuresClosed: number;
  tokens: number;
  savesHours: number | null;
  /** Of these hours, those of the next 30 days. */
  savesHoursAMonth: number;
  rotate: Rotation[];
  /** What deletion does not end, one sentence each. */
  notEnded: string[];
  otherWays: OtherWay[];
}

/** What several deletions end together; an exposure that needs more than one of them counts as well. */
export type EndsTogether = Pick<
  CleanupSummary,
  "exposures" | "exposuresClosed" | "tokens" | "savesHours" | "savesHoursAMonth"
>;

/** `cleanup -o json`, which `cleanup --plan FILE` executes later. */
export interface CleanupPlan extends Envelope<"CleanupPlan", CleanupSummary, CleanupItem> {
  rules: CleanupRules;
  /** Changes of other objects, by --also: suspending comes before the first deletion, the others after all of them. */
  changes: CleanupChange[];
}

/** What became of one chosen object. */
export type Outcome =
  "gone" | "going" | "refused" | "conflict" | "already-gone" | "replaced" | "failed" | "dry-run" | "unknown";

export interface CleanupResultItem {
  object: ObjectRef;
  outcome: Outcome;
  /** What the server or the judgement said. */
  because: string;
  /** Dependents that were read as gone, and those that are still there. */
  dependentsGone: number;
  dependentsLeft: ObjectRef[];
}

/**
 * What became of a change. `done`: read as made; `already`: it stood already, or its object is gone; `conflict`: the object changed
 * each time it was asked for; `unknown`: it could not be read whether it was made.
 */
export type ChangeOutcome = "done" | "already" | "refused" | "conflict" | "failed" | "unknown" | "dry-run";

export interface ChangeResult {
  way: Also["way"];
  object: ObjectRef;
  outcome: ChangeOutcome;
  because: string;
}

/** Whether a token that was given is still accepted by the API server. */
export interface TokenCheck {
  /** Whom the server took its holder for before the deletions; null: it was refused even then. */
  user: string | null;
  /** Seconds from the first deletion until it was seen to be refused, tried once a second; null: it never was. */
  refusedAfterSeconds: number | null;
  /** Why the last trial does not tell whether it is still accepted; null where it does. */
  unknownBecause: string | null;
}

export interface CleanupResultSummary {
  chosen: number;
  byOutcome: Record<Outcome, number>;
  /** What goes along and was read as gone, and what was still there at last; things with other owners may stay. */
  dependentsGone: number;
  dependentsLeft: number;
  evidence: { path: string; sha256: string } | null;
  journal: string | null;
  /** Null where no token was given. */
  token: TokenCheck | null;
  /** What stays open of what was chosen, also of what did not go. */
  notEnded: string[];
  /** What the chosen objects exposed, whether or not they went. */
  rotate: Rotation[];
  /** What was offered besides, and not asked for. */
  otherWays: OtherWay[];
}

/** `cleanup --yes -o json`: one item for each chosen object. */
export interface CleanupResult extends Envelope<"CleanupResult", CleanupResultSummary, CleanupResultItem> {
  changes: ChangeResult[];
}
