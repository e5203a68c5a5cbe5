import { PassThrough, Readable } from "node:stream";
import type { OutputStream } from "../../src/cli/io.ts";
import { main } from "../../src/main.ts";

/** The cluster whose reports the documentation shows. */
export const recorded = "examples/threat-model.jsonl";

/** What a run of the program printed. */
export interface Session {
  /** Both streams, as they came. */
  shown: string;
  /** Standard output alone. */
  report: string;
}

/** Runs the program on a terminal of so many columns, called as kubectl calls it. Throws where it ends with an error. */
export async function session(argv: readonly string[], cwd: string, columns: number): Promise<Session> {
  const shown: Buffer[] = [];
  const report: Buffer[] = [];
  const terminal = (...into: Buffer[][]): OutputStream => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
    stream.on("data", (chunk: Buffer) => {
      for (const chunks of into) chunks.push(chunk);
    });
    return stream;
  };
  const status = await main(argv, {
    // Progress is for those who wait.
    env: { CI: "true" },
    stdin: Readable.from([]),
    stdout: terminal(shown, report),
    stderr: terminal(shown),
    now: () => new Date(0),
    cwd,
    version: "0.0.0",
    runtime: { node: process.versions.node, platform: "", tzdata: "", timeZone: "UTC" },
    startedAs: "/usr/local/bin/kubectl-cronaudit",
    signal: new AbortController().signal,
  });
  const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  if (status !== 0 && status !== 3) {
    throw new Error(`${argv.join(" ")} ended with status ${String(status)}:\n${text(shown)}`);
  }
  return { shown: text(shown), report: text(report) };
}
