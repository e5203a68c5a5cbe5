import type { Time } from "./object.ts";

/** An object of a lab by what it takes to find it again; of what stands in it there is nothing. */
export interface LabObject {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespace: string | null;
  name: string;
}

/** One line of a lab's journal, without its place in the chain. An intent is on the disk before the request that makes an object. */
export type LabJournalStep =
  | {
      step: "begin";
      formatVersion: 1;
      tool: string;
      run: string;
      cluster: { uid: string; server: string; context: string };
      operator: { user: string | null; local: string | null };
    }
  | { step: "intent"; object: LabObject }
  | { step: "made"; object: LabObject; uid: string }
  /** After a teardown: how much was still there; null where that could not be told. */
  | { step: "end"; remains: number | null };

/** A line as it stands in the file: `before` is the SHA-256 of the line before it. */
export type LabJournalLine = { n: number; at: Time; before: string } & LabJournalStep;
