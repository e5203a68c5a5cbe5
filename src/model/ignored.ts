import type { ObjectRef, Time } from "./object.ts";
import type { Severity } from "./report.ts";

/** Why a credential is no finding: everything that carries it is ignored. */
export interface IgnoredBecause {
  /** `annotation` where one of its places is ignored by an annotation alone. */
  by: "file" | "annotation";
  /** False where an annotation says so that no rules file confirms: such a finding still counts for --fail-on. */
  confirmed: boolean;
  /** Entries of the rules file, as `allow[2]`, and annotations. */
  entries: string[];
  /** The reason that the rules file gives. */
  reason: string | null;
  /** The annotations, each where somebody wrote it: at most ten. */
  setBy: {
    object: ObjectRef;
    annotation: string;
    /** Field managers that own it, by the names that clients gave themselves; empty where none is recorded. */
    managers: string[];
    /** The latest time at which it can have been set; null where nothing dates it. */
    since: Time | null;
  }[];
}

/** Credentials that are ignored; they are in no other figure. */
export interface IgnoredCounts {
  /** By the rules file. */
  file: number;
  /** By an annotation, confirmed or not. */
  annotation: number;
  /** Of these, by one that no rules file confirms. */
  unconfirmed: number;
}

/** What is ignored and still counts for --fail-on. */
export interface IgnoredBySeverity {
  unconfirmedBySeverity: Record<Severity, number>;
}
