import { setTimeout as sleep } from "node:timers/promises";
import { bundleFiles } from "../cleanup/bundle/files.ts";
import type { BundleFiles } from "../cleanup/bundle/files.ts";
import { journalFiles } from "../cleanup/journal-files.ts";
import type { JournalFiles } from "../cleanup/journal-files.ts";
import { PATIENCE } from "../cleanup/verify.ts";
import type { Patience } from "../cleanup/verify.ts";

/** What a cleanup needs of the machine; tests hand in one that fails or stops at a step. */
export interface Effects {
  bundles: BundleFiles;
  journals: JournalFiles;
  sleep(milliseconds: number): Promise<void>;
  patience: Patience;
  /** Called at each step, by its name. */
  reached(step: string): Promise<void>;
}

/** The machine itself. */
export const EFFECTS: Effects = {
  bundles: bundleFiles,
  journals: journalFiles,
  sleep: (milliseconds) => sleep(milliseconds),
  patience: PATIENCE,
  reached: () => Promise.resolve(),
};
