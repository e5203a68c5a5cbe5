import type { ResourceRequest } from "./api.ts";
import type { Reach, Way } from "./access-report.ts";
import type { ObjectRef, Time } from "./object.ts";
import type { Envelope, SubjectRef } from "./report.ts";
import type { LabPair, LabRun } from "./lab.ts";
import type { ImageChange } from "./stale-report.ts";

/** The five adversaries of the threat model; one file each in scenarios/. */
export type AdversaryId =
  "completed-pod" | "over-permissive-account" | "concurrent-rotation" | "image-substitution" | "stale-accumulation";

/**
 * What would become of an attack on what is there. `succeeds`: nothing that was seen stops it, or it has happened. `blocked`:
 * a control that is named stops it. `inconclusive`: evidence that is named is missing. `not-applicable`: there is nothing that
 * it could be after.
 */
export type LiveOutcome = "succeeds" | "blocked" | "inconclusive" | "not-applicable";

/** One act of the adversary. */
export interface ReplayStep {
  /** Who acts, in words: `user alice`, `whoever may get and list pods in database`, `whoever may push to the registry`. */
  actor: string;
  /** The identity, where it is one of the cluster that is known. */
  as: SubjectRef | null;
  /** The act: `GET /api/v1/namespaces/database/pods/backup-1-x`, or in words where it is no request to the API server. */
  act: string;
  /** The same as a request that can be asked about; null where it is none. */
  request: ResourceRequest | null;
  /** What it yields, with fingerprints and never a value. */
  yields: string;
  /** What RBAC as it was seen says; null where the actor is only supposed to hold the right, or it cannot be told. */
  allowed: boolean | null;
  /** With --verify: the server's own word; null where it was not asked or gave none. */
  verified: boolean | null;
}

/** A control that blocks the attack, and how to bring it about. */
export interface Control {
  /** Stable, such as `digest` or `concurrency-policy`. */
  id: ControlId;
  /** What it does, in words. */
  what: string;
  /** One exact next step: a command, or the field to set; null where it is there already. */
  how: string | null;
}

/** What stops an adversary; one line each in scenarios/controls.ts. */
export type ControlId =
  | "no-value-in-object"
  | "ttl"
  | "history-limit"
  | "pod-deletion"
  | "rbac"
  | "least-privilege"
  | "no-token"
  | "concurrency-policy"
  | "active-deadline"
  | "digest"
  | "pull-policy"
  | "rotation"
  | "optimistic-lock";

/** A credential that an adversary gets, or misses. */
export interface ReplayCredential {
  name: string;
  kind: string;
  fingerprint: string | null;
  object: ObjectRef;
  path: string;
  /** Since when it can be read there, and until when; as in an exposure's carrier. */
  opens: Time;
  opensIsBound: boolean;
  closes: Time | null;
  closesIsBound: boolean;
  closesWhy: string;
}

/** One value of a credential in retained runs. */
export interface HistoryValue {
  fingerprint: string;
  firstRun: ObjectRef;
  firstAt: Time;
  lastRun: ObjectRef;
  lastAt: Time;
  /** Retained objects (Jobs and pods) that hold it. */
  runs: number;
}

/** What retained Jobs and pods alone tell of one credential: its values in the order in which runs first had them. */
export interface CredentialHistory {
  name: string;
  kind: string;
  /** The place in the runs, independent of kind and order. */
  field: string;
  values: HistoryValue[];
  /** Each run that holds it: when it started, and which of `values` it has (0 the first). */
  runs: { at: Time; value: number; object: ObjectRef }[];
  from: Time;
  to: Time;
  /** Changes from one value to the next. */
  rotations: number;
}

/** Two runs of one CronJob that were active together. */
export interface Overlap {
  earlier: ObjectRef;
  later: ObjectRef;
  from: Time;
  /** Null: both still are. */
  to: Time | null;
  /** False where the later one was not started by the schedule. */
  scheduled: boolean;
}

/** An image that a later run may get another of under the same name. */
export interface MutableImage {
  container: string;
  image: string;
  imagePullPolicy: string;
  /** Nodes that already ran the reference and, with IfNotPresent, keep what they have; empty where none is known. */
  cachedOn: string[];
  /** Nodes of the cluster that would pull it anew; null where nodes were not seen. */
  pulledOn: string[] | null;
}

/** What is particular to one adversary. */
export type ReplayFacts =
  | { kind: "completed-pod"; reads: ReplayCredential[]; misses: { name: string; why: string }[] }
  | {
      kind: "over-permissive-account";
      account: { namespace: string; name: string };
      reach: Reach;
      /** Secrets that its workload names, which are all that it needs. */
      needs: { namespace: string; name: string }[];
      /** The shortest ways to what it does not need. */
      ways: Way[];
    }
  | {
      kind: "concurrent-rotation";
      overlaps: Overlap[];
      /** The least time between two runs to come, and the longest and median run seen; null where unknown. */
      gapSeconds: number | null;
      longestSeconds: number | null;
      medianSeconds: number | null;
      /** Secrets that its account may change. */
      writes: Reach;
      writesIsBound: boolean;
    }
  | { kind: "image-substitution"; changes: ImageChange[]; mutable: MutableImage[]; pinned: string[] }
  | { kind: "stale-accumulation"; histories: CredentialHistory[]; retained: number };

/** One adversary on one workload. */
export interface WorkloadReplay {
  workload: ObjectRef;
  outcome: LiveOutcome;
  /** One sentence: `3 credentials by pods get and list`, `blocked: value not in the pod`. */
  because: string;
  /** The controls that stop it; empty unless blocked. */
  blockedBy: Control[];
  /** Evidence that is missing; empty unless inconclusive. */
  missing: string[];
  path: ReplayStep[];
  /** What would block it, cheapest first; empty where it is blocked or not applicable. */
  wouldBlock: Control[];
  facts: ReplayFacts;
}

/** How one adversary fares on the live workloads. */
export interface LiveReplay {
  /** The worst outcome over the workloads, with one sentence about all of them. */
  outcome: LiveOutcome;
  because: string;
  byOutcome: Record<LiveOutcome, number>;
  /** Worst first. */
  workloads: WorkloadReplay[];
}

/** One adversary. */
export interface ReplayItem {
  number: number;
  id: AdversaryId;
  name: string;
  /** ATT&CK technique ids, and those of Microsoft's threat matrix for Kubernetes. */
  attack: string[];
  matrix: string[];
  /** On the live workloads; null where these were not assessed. */
  live: LiveReplay | null;
  /** In the lab; null where none was run. */
  lab: LabPair | null;
}

export interface ReplaySummary {
  /** The identity that the live workloads were replayed from, with its groups; empty: the threat model's own. */
  from: SubjectRef[];
  /** With --verify: steps by whether the server says what RBAC as it was seen says; null without it. */
  verified: { confirmed: number; refuted: number; unknown: number } | null;
  /** Live workloads that were replayed, and each adversary's outcomes on them together. */
  workloads: number;
  byOutcome: Record<LiveOutcome, number>;
  /** Null where none was run. */
  lab: LabRun | null;
}

export type ReplayReport = Envelope<"ReplayReport", ReplaySummary, ReplayItem>;
