import type { Resource } from "../model/snapshot.ts";
import type { Expected } from "./completion/candidate.ts";
import type { Exit } from "./exits.ts";
import type { FlagName, Options } from "./flags.ts";
import type { Io } from "./io.ts";

/** What a verb gets when it runs. */
export interface Context {
  options: Options;
  /** The words after the verb. */
  words: string[];
  io: Io;
  /** How the program is called here, as `kubectl cronaudit`; programName says what else there is. */
  program: string;
  /** What -o has behind `=`, or the file that is named there; absent where the format takes nothing. */
  template?: string;
}

/** The groups of verbs in help, in its order, with their headings. */
export const COMMAND_GROUPS = {
  look: "Look at what is there",
  keep: "Keep the evidence",
  act: "Change the cluster, after a plan or a question",
  about: "Help and set-up",
} as const;

/** One verb: help, documentation and the ClusterRole it needs are read from this object. */
export interface Command {
  /** Empty for what runs without a verb. */
  name: string;
  summary: string;
  /** Where help lists it; absent: `about`. */
  group?: keyof typeof COMMAND_GROUPS;
  /** Arguments after the program's name, each with what it answers. */
  examples: readonly { run: string; why: string }[];
  flags: readonly FlagName[];
  /** What a flag means here, where the general words do not fit; help shows it with the flags that the verb has alone. */
  means?: Partial<Record<FlagName, string>>;
  /** What an exit status also says here, besides what it says everywhere. */
  exits?: Partial<Record<Exit["status"], string>>;
  /** What to try after it, as help ends with it: arguments after the program's name, and what they answer. */
  next?: { run: string; why: string };
  /** The words it takes, as usage shows them; null when it takes none. */
  words: string | null;
  /** What the next of them may be, by those before it, for completion; absent: objects, where it takes words. */
  completes?(words: readonly string[]): readonly Expected[];
  /** The formats it can print; empty when it prints no report. */
  formats: readonly string[];
  /** The kinds its answer is judged from. */
  needs: readonly Resource[];
  /** Does the work and returns the exit status. */
  run(context: Context): Promise<number>;
}
