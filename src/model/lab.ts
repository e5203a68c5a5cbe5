import type { ObjectRef, Time } from "./object.ts";
import type { AdversaryId, ControlId } from "./replay-report.ts";

/**
 * What became of an attack in the lab. `blocked`: by the control that was predicted, told by the answer itself. Every other
 * failure is `inconclusive`. `not-run`: not tried, and `because` says why.
 */
export type LabOutcome = "succeeded" | "blocked" | "inconclusive" | "not-run";

/** Who carries out the steps that a workload would: its own process, or the driver with the run's own pod-bound token. */
export type Placement = "container" | "driver";

/** One act in the lab, as it went. */
export interface LabStep {
  at: Time;
  /** The user that the server saw, such as `system:serviceaccount:cronaudit-lab-x:pod-reader`; null where no request was made. */
  as: string | null;
  by: Placement | "controller" | "person";
  /** `GET /api/v1/namespaces/…`, or in words where it is no request. */
  act: string;
  /** The Audit-ID that the request was sent with, by which an audit log finds it; null where it carried none. */
  auditId: string | null;
  /** HTTP status and Status reason of the answer; null where there was none. */
  status: number | null;
  reason: string | null;
  /** What it showed, in words; a canary by its fingerprint alone. */
  shows: string;
}

/** One of the two forms of a workload. */
export interface LabTwin {
  outcome: LabOutcome;
  /** The control that stopped it; null unless blocked. */
  blockedBy: ControlId | null;
  because: string;
  steps: LabStep[];
}

/** A form of the attack or of the hardening besides the pair. */
export interface LabVariant extends LabTwin {
  id: string;
  /** What is different, in words: `both history limits 0`. */
  what: string;
  /** What was predicted; the variant agrees when the outcome is that. */
  predicted: LabOutcome;
}

/** The default and the hardened form side by side. */
export interface LabPair {
  default: LabTwin;
  hardened: LabTwin;
  /** What was predicted to stop the hardened form. */
  predicted: ControlId;
  /** True only where the default fell and the hardened form was blocked for the predicted reason. */
  proof: boolean;
  because: string;
  variants: LabVariant[];
}

/** One run of the lab. */
export interface LabRun {
  /** `r` and eight hexadecimal digits; a label on everything that was made. */
  run: string;
  namespaces: string[];
  placement: Placement;
  image: string;
  node: string | null;
  startedAt: Time;
  endedAt: Time;
  /** Where the lab differs from the threat model, in words: `TTL of 5 seconds instead of 3600`. */
  differs: string[];
  /** The file that says what was made; null where nothing was. */
  journal: string | null;
  /** What was made and is still there; empty after a clean end. Null: it could not be told. */
  remains: ObjectRef[] | null;
}

/** What a run would make and needs, for people and for a later `replay --lab --plan FILE`. */
export interface LabPlan {
  apiVersion: "cronaudit/v1";
  kind: "LabPlan";
  createdAt: Time;
  tool: { version: string };
  cluster: { server: string; context: string; uid: string; nodes: number; version: string | null };
  adversaries: AdversaryId[];
  placement: Placement;
  image: string;
  node: string | null;
  /** Objects in the order in which they are made; names hold `<run>` until there is one. */
  makes: { adversary: AdversaryId | null; twin: "default" | "hardened" | null; object: ObjectRef }[];
  /** Rights that the run needs, and whether the server says that they are there. */
  rights: { verb: string; group: string; resource: string; subresource: string; allowed: boolean }[];
  /** How long it takes at most, in seconds. */
  seconds: number;
}
