/** Runs `hold` with the given arguments and gets a signal where it reaches a step: killed.ts STEP:SIGKILL|SIGINT ARGUMENTS… */
import { parse } from "../../../src/cli/parse.ts";
import { hold } from "../../../src/commands/hold.ts";
import { holdObjects } from "../../../src/commands/hold-run.ts";
import { commands } from "../../../src/commands/index.ts";

const [at = "", ...argv] = process.argv.slice(2);
const [step, name] = at.split(":");
const interrupt = new AbortController();
process.on("SIGINT", () => interrupt.abort());
const { options, words } = await parse(argv, commands);
await holdObjects(
  {
    options,
    words,
    io: {
      env: process.env,
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      now: () => new Date(),
      cwd: process.cwd(),
      version: "0.0.0-test",
      runtime: { node: "26", platform: "linux/x64", tzdata: "", timeZone: "UTC" },
      startedAs: "kubectl-cronaudit",
      signal: interrupt.signal,
    },
    program: "kubectl cronaudit",
  },
  hold.needs,
  async (reached) => {
    if (reached !== step) return;
    process.kill(process.pid, name);
    // SIGKILL takes its time, and nothing may happen meanwhile; after SIGINT the program goes on.
    if (name === "SIGKILL") await new Promise(() => undefined);
    while (!interrupt.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1));
  },
);
