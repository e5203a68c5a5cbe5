import type { Readable, Writable } from "node:stream";

/** An output stream and what it knows of its terminal. */
export interface OutputStream extends Writable {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** Everything of the process that a run may touch; tests hand in their own. */
export interface Io {
  env: Record<string, string | undefined>;
  stdin: Readable & { isTTY?: boolean };
  stdout: OutputStream;
  stderr: OutputStream;
  now(): Date;
  cwd: string;
  /** The program's own version, `0.1.0`. */
  version: string;
  /** What runs it: Node's version and `linux/x64`. */
  runtime: { node: string; platform: string; tzdata: string; timeZone: string };
  /** What the program was started by, as in process.argv[1]: the path of the script, or of an executable what was typed. */
  startedAs: string;
  /** True where the program is one executable with Node inside; absent is false. */
  isExecutable?: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** This process by its number, and whether another one lives; absent: nothing is known of processes. */
  processes?: { own: number; isAlive(pid: number): boolean };
  /** Gives work that has to come to its end so many milliseconds for it after the first Ctrl-C; a second one ends at once. */
  outlast?(ms: number): void;
}
