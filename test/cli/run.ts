import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { Io, OutputStream } from "../../src/cli/io.ts";
import { main } from "../../src/main.ts";

/** What a run is given besides its arguments. */
export interface Given {
  env?: Record<string, string>;
  stdin?: string | Buffer;
  /** Columns of a terminal on standard output; absent: a pipe. Standard error is always a file. */
  terminal?: number;
  now?: string;
  cwd?: string;
  signal?: AbortSignal;
  /** Replaces standard output, to see what a run does with one that fails. */
  stdout?: OutputStream;
}

/** What came out of it. */
export interface Outcome {
  stdout: string;
  stderr: string;
  exit: number;
}

/** Where the evidence of the whole-program tests lies; runs start there. */
export const evidence = join(import.meta.dirname, "evidence");

/** Runs one command line through main() with streams of its own. */
export async function run(argv: readonly string[], given: Given = {}): Promise<Outcome> {
  const stdout = capture(given.terminal);
  const stderr = capture(undefined);
  const io: Io = {
    env: given.env ?? {},
    stdin: Readable.from(given.stdin === undefined ? [] : [Buffer.from(given.stdin)]),
    stdout: given.stdout ?? stdout.stream,
    stderr: stderr.stream,
    now: () => new Date(given.now ?? "2026-11-22T05:41:09Z"),
    cwd: given.cwd ?? evidence,
    version: "0.0.0-test",
    runtime: { node: "26.0.0", platform: "linux/x64", tzdata: "2026c", timeZone: "UTC" },
    startedAs: "/usr/local/bin/kubectl-cronaudit",
    signal: given.signal ?? new AbortController().signal,
  };
  const exit = await main(argv, io);
  return { stdout: stdout.text(), stderr: stderr.text(), exit };
}

function capture(columns: number | undefined): { stream: OutputStream; text(): string } {
  const stream: OutputStream & PassThrough = new PassThrough();
  if (columns !== undefined) Object.assign(stream, { isTTY: true, columns });
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

/** Splits a line as a shell would, with single and double quotes. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [, single, double, bare] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    words.push(single ?? double ?? bare!);
  }
  return words;
}
