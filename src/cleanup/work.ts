import type { Writer } from "../model/api.ts";
import type { CleanupRules } from "../model/cleanup.ts";
import type { Journal } from "./journal.ts";

/** What every stage of a cleanup works with. */
export interface Work {
  api: Writer;
  /** Null for a dry run, which changes nothing. */
  journal: Journal | null;
  rules: CleanupRules;
  toolVersion: string;
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  /** Aborted by Ctrl-C: nothing more is begun, and what is under way is brought to its end. */
  signal: AbortSignal;
  /** Called at each step, by its name. */
  reached(step: string): Promise<void>;
  /** `share`, from 0 to 1, is how much of it is done. */
  progress(text: string, share?: number): void;
}

/** Requests that delete, under way at once. */
export const MOST_DELETIONS = 5;

/** The run has to end here; what is not begun is not begun. `cause` says why. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}
