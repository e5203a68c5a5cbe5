import type { Also, By, Cascade, ChangeOutcome, CleanupItem, CleanupPlan, Outcome } from "./cleanup.ts";
import type { ObjectRef, Time } from "./object.ts";

/** A chosen object as a journal keeps it: everything that its deletion and its verification need. */
export type ChosenItem = Omit<CleanupItem, "ends">;

/** The file that a cleanup wrote its evidence to. */
export interface EvidenceFile {
  /** As it was given, or made up; beside the journal. */
  path: string;
  sha256: string;
}

/** What became of one chosen object so far; `by` tells who deleted it, where somebody did. */
export interface Done {
  outcome: Outcome;
  because: string;
  by: "us" | "other" | null;
}

/** What became of one change. */
export interface ChangeDone {
  outcome: ChangeOutcome;
  because: string;
}

/** What the reads after the deletions found. */
export interface Verdict extends Done {
  dependentsGone: number;
  dependentsLeft: ObjectRef[];
}

/** One line of a journal, without its place in the chain. An intent stands before each request that deletes or changes, an outcome after it. */
export type JournalStep =
  | {
      step: "begin";
      formatVersion: 1;
      tool: string;
      operator: { user: string | null; local: string | null };
      /** The plan without its items. */
      plan: Omit<CleanupPlan, "items">;
      /** How many `chosen` lines follow. */
      chosen: number;
    }
  | { step: "chosen"; item: ChosenItem }
  | { step: "evidence"; evidence: EvidenceFile; missing: { uid: string; because: string }[]; gaps?: readonly string[] }
  /** `by` is absent for a request that deletes. */
  | { step: "intent"; uid: string; resourceVersion: string; cascade: Cascade; by?: By }
  | ({ step: "outcome"; uid: string } & Done)
  /** A read after a request that had no answer: the object is as it was, so the request did nothing. */
  | { step: "unchanged"; uid: string }
  | ({ step: "verified"; uid: string } & Verdict)
  /** Before the first of them: the chosen object that a change follows from, by a look of that moment. */
  | { step: "vouched"; way: Also["way"]; uid: string; by: string }
  /** Before the request that makes a change, and after it was read what became of it. */
  | { step: "change-intent"; way: Also["way"]; uid: string; resourceVersion: string }
  | ({ step: "change-outcome"; way: Also["way"]; uid: string } & ChangeDone)
  | { step: "stopped"; because: string }
  /** Bytes of a line that was cut off in its middle, and is left out. */
  | { step: "resumed"; tool: string; operator: { user: string | null; local: string | null }; cutOff: number }
  | { step: "end"; byOutcome: Record<Outcome, number> };

/** A line as it stands in the file: `before` is the SHA-256 of the line before it. */
export type JournalLine = { n: number; at: Time; before: string } & JournalStep;
