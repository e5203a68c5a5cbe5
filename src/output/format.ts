import type { Report } from "../model/report.ts";
import type { Topic } from "../model/topic.ts";

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
  /** What is known of a class, an edge or an adversary by its id; handed to the formats that explain. */
  topic?(id: string): Topic | null;
  /** What the format takes behind `=`, or what the file holds that is named there. */
  template?: string;
  /** How to see what could not be seen, as a sentence that begins with `Next: `; absent where everything was. */
  seeMore?: string;
}

/** What a format takes behind `=`, as in `-o jsonpath=TEMPLATE`. */
export interface Takes {
  /** What stands for it in help. */
  value: string;
  /** kubectl's words where nothing stands there. */
  missing: string;
  /** True where it is the name of a file that holds it. */
  isFile: boolean;
  /** Throws TemplateError for what cannot be read. */
  check(template: string): Promise<void>;
}

/** One way to write a report. */
export interface Format {
  name: string;
  help: string;
  /** Absent: nothing; its text then comes as `template`. */
  takes?: Takes;
  write(report: Report, sink: Sink, options: RenderOptions): Promise<void>;
}
