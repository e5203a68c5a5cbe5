import type { Report } from "../model/report.ts";

/** Where text goes; resolves when the reader can take more. */
export interface Sink {
  write(text: string): Promise<void>;
}

/** How a report is to look. Formats for scripts ignore all of it. */
export interface RenderOptions {
  /** Columns of the terminal. */
  width: number;
  color: boolean;
  /** False: rows alone, for scripts that read them. */
  headers: boolean;
  /** True when objects or subjects were named: what is known of each follows the table. */
  details: boolean;
  /** True when the evidence came from the cluster just now, and not from a file. */
  live: boolean;
  /** How the user called the program. */
  program: string;
  /** Turns arguments that a report suggests into a command to paste. */
  command(args: string): string;
  /** Flags with which kubectl itself reaches the same cluster; empty or absent where it does anyway. */
  kubectlFlags?: string;
  /** True where windows are to be drawn, not listed; of exposures only. */
  timeline?: boolean;
}

/** One way to write a report. */
export interface Format {
  name: string;
  help: string;
  write(report: Report, sink: Sink, options: RenderOptions): Promise<void>;
}
