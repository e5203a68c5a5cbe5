/** Runs `hold` with the given arguments and ends itself with SIGKILL where it reaches a step: killed.ts STEP ARGUMENTS… */
import { parse } from "../../../src/cli/parse.ts";
import { hold } from "../../../src/commands/hold.ts";
import { holdObjects } from "../../../src/commands/hold-run.ts";
import { commands } from "../../../src/commands/index.ts";

const [step, ...argv] = process.argv.slice(2);
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
      signal: new AbortController().signal,
    },
    program: "kubectl cronaudit",
  },
  hold.needs,
  async (reached) => {
    if (reached === step) process.kill(process.pid, "SIGKILL");
    // The signal takes its time, and nothing may happen meanwhile.
    if (reached === step) await new Promise(() => undefined);
  },
);
