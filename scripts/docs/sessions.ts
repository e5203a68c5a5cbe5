import { PassThrough, Readable } from "node:stream";
import { main } from "../../src/main.ts";

/** The cluster whose reports the documentation shows. */
export const recorded = "examples/threat-model.jsonl";

const shown: Record<string, string[]> = {
  triage: ["-f", recorded],
  exposure: ["exposure", "job/reindex", "-n", "database", "-f", recorded],
  timeline: ["exposure", "-n", "database", "--timeline", "--class", "literal-env", "-f", recorded],
  access: ["access", "sa/deployer", "-n", "database", "-f", recorded],
  replay: ["replay", "-f", recorded],
};

/** What the program prints in a terminal for each of the shown command lines, as a Markdown block. */
export async function sessions(cwd: string): Promise<[string, string][]> {
  const blocks: [string, string][] = [];
  for (const [name, argv] of Object.entries(shown)) {
    const terminal = new PassThrough();
    const chunks: Buffer[] = [];
    terminal.on("data", (chunk: Buffer) => chunks.push(chunk));
    const status = await main(argv, {
      env: {},
      stdin: Readable.from([]),
      stdout: terminal,
      stderr: terminal,
      now: () => new Date(0),
      cwd,
      version: "0.0.0",
      runtime: { node: process.versions.node, platform: "", tzdata: "", timeZone: "UTC" },
      startedAs: "bin/kubectl-cronaudit.js",
      signal: new AbortController().signal,
    });
    const text = Buffer.concat(chunks).toString("utf8").trimEnd();
    if (status !== 0 && status !== 3) throw new Error(`${argv.join(" ")} ended with status ${status}:\n${text}`);
    blocks.push([name, `\`\`\`console\n$ npx kubectl-cronaudit ${argv.join(" ")}\n${text}\n\`\`\``]);
  }
  return blocks;
}
