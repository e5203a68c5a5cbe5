import { constants } from "node:os";
import { isSea } from "node:sea";
import packageJson from "../package.json" with { type: "json" };
import { completionRequest } from "./cli/completion/request.ts";
import { ClosedPipe, Interrupted, UsageError } from "./cli/errors.ts";
import { programName } from "./cli/invocation.ts";
import type { Io } from "./cli/io.ts";
import { openSink } from "./cli/streams.ts";
import { commands } from "./commands/index.ts";

/** Runs one command line and returns the exit status; never throws and never touches the process. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  // A reader that goes away is no error; the write that meets it says so to whoever wrote.
  for (const stream of [io.stdout, io.stderr]) stream.on("error", () => undefined);
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (io.signal.aborted || error instanceof Interrupted) return 130;
    if (error instanceof ClosedPipe) return 0;
    const { failureLines } = await import("./cli/failure.ts");
    for (const line of failureLines(error, programName(io))) io.stderr.write(`${line}\n`);
    return 2;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const asked = completionRequest(argv, io);
  if (asked !== null) return (await import("./commands/complete.ts")).complete(asked, io);
  const { parse } = await import("./cli/parse.ts");
  const program = programName(io);
  const { command, options, words } = await parse(argv, commands);
  if (options.help) {
    const { helpText } = await import("./cli/help.ts");
    await openSink(io.stdout).write(helpText(command, commands, program));
    return 0;
  }
  try {
    // A template that cannot be read costs neither time nor a change.
    const template = options.output.includes("=")
      ? await (await import("./commands/template.ts")).readTemplate(options.output, io)
      : undefined;
    const status = await command.run({ options, words, io, program, ...(template === undefined ? {} : { template }) });
    return io.signal.aborted ? 130 : status;
  } catch (error) {
    if (error instanceof UsageError) error.verb ??= command.name;
    throw error;
  }
}

/** Runs the process's own command line: the one place that takes from the process and gives back to it. */
export async function run(process: NodeJS.Process): Promise<number> {
  const interrupt = new AbortController();
  let interrupted = 130;
  let patience = 1500;
  let isHeld = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) {
        // A connection that drops sends SIGHUP twice, and SIGTERM may follow: only a person ends what is being taken down.
        if (isHeld && signal !== "SIGINT") return;
        process.exit(interrupted);
      }
      // Work that does not notice the signal ends with its patience.
      interrupted = 128 + constants.signals[signal];
      setTimeout(() => process.exit(interrupted), patience).unref();
      interrupt.abort();
    });
  }
  const argv = process.argv.slice(2);
  const startedAs = process.argv[1] ?? "kubectl-cronaudit";
  const status = await main(argv, {
    env: process.env,
    // Asked for late, as the time zone below: opening it takes milliseconds, and most commands never read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
    cwd: process.cwd(),
    version: packageJson.version,
    runtime: {
      node: process.versions.node,
      platform: `${process.platform}/${process.arch}`,
      tzdata: process.versions.tz ?? "unknown",
      get timeZone() {
        // Intl takes fifteen milliseconds to say it; a Node may have been built without Temporal.
        if (typeof Temporal === "undefined") return Intl.DateTimeFormat().resolvedOptions().timeZone;
        return Temporal.Now.timeZoneId();
      },
    },
    processes: { own: process.pid, isAlive: (pid) => isAlive(process, pid) },
    startedAs,
    isExecutable: isSea(),
    signal: interrupt.signal,
    outlast: (ms) => {
      patience = ms;
      isHeld = true;
    },
  });
  // What a completion asked for and did not come in time is not waited for.
  if (completionRequest(argv, { startedAs }) !== null) process.exit(status);
  return status === 130 ? interrupted : status;
}

function isAlive(process: NodeJS.Process, pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Of somebody else's process only that it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
