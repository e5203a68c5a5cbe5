import { spawn } from "node:child_process";

/** Bytes of stdout that a credential plugin may print; an ExecCredential with a long certificate chain needs a few KiB. */
const MAX_STDOUT = 1024 * 1024;

type Result =
  | { kind: "done"; stdout: string }
  | { kind: "missing" }
  /** `why` is `exit code 3` or the like. */
  | { kind: "failed"; why: string };

interface Surroundings {
  env: Record<string, string | undefined>;
  /** Whether it gets our standard input. */
  interactive: boolean;
  stderr: { write(text: string): unknown };
  signal: AbortSignal;
}

/** Runs a program without a shell, keeps its stdout and passes its stderr on as it comes. */
export function runProgram(command: string, args: string[], surroundings: Surroundings): Promise<Result> {
  const { env, interactive, stderr, signal } = surroundings;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      signal,
      // Whoever talks to a person may have a terminal to put back; anything else that is no longer waited for must not stay.
      killSignal: interactive ? "SIGTERM" : "SIGKILL",
      stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tooLong = false;
    child.stdout?.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_STDOUT) chunks.push(chunk);
      else {
        tooLong = true;
        child.kill("SIGKILL");
      }
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => stderr.write(text));
    child.on("error", (error: NodeJS.ErrnoException) => {
      // Go's LookPath, too, calls a file that may not be run not found.
      if (error.code === "ENOENT" || error.code === "EACCES") resolve({ kind: "missing" });
      else resolve({ kind: "failed", why: error.code ?? error.name });
    });
    child.on("close", (code, killedBy) => {
      if (tooLong) resolve({ kind: "failed", why: "more output than a credential can be" });
      else if (code === 0) resolve({ kind: "done", stdout: Buffer.concat(chunks).toString("utf8") });
      else resolve({ kind: "failed", why: code === null ? `signal ${killedBy}` : `exit code ${code}` });
    });
  });
}
