import type { Resource } from "../model/snapshot.ts";
import type { FlagName, Options } from "./flags.ts";
import type { Io } from "./io.ts";

/** What a verb gets when it runs. */
export interface Context {
  options: Options;
  /** The words after the verb. */
  words: string[];
  io: Io;
  /** How the program is called here: `kubectl cronaudit` or `npx kubectl-cronaudit`. */
  program: string;
}

/** One verb: help, documentation and the ClusterRole it needs are read from this object. */
export interface Command {
  /** Empty for what runs without a verb. */
  name: string;
  summary: string;
  /** Arguments after the program's name, each with what it answers. */
  examples: readonly { run: string; why: string }[];
  flags: readonly FlagName[];
  /** What a flag means here, where the general words do not fit; help shows it with the flags that the verb has alone. */
  means?: Partial<Record<FlagName, string>>;
  /** The words it takes, as usage shows them; null when it takes none. */
  words: string | null;
  /** The formats it can print; empty when it prints no report. */
  formats: readonly string[];
  /** The kinds its answer is judged from. */
  needs: readonly Resource[];
  /** Does the work and returns the exit status. */
  run(context: Context): Promise<number>;
}
