import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** What a program that has ended has left. */
export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a program in the folder, which is its home too, without the environment of the tests, and waits for its end. */
export async function start(
  folder: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Result> {
  const own = { PATH: process.env["PATH"], HOME: folder, TZ: "UTC", _: command, ...env };
  const child = spawn(command, args, { env: own, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const result: Result = { status: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
  result.status = await new Promise((done, failed) => child.on("error", failed).on("close", done));
  return result;
}

const clone = resolve("bin/kubectl-cronaudit.js");

/** The same command line, carried out by this clone. */
export function startClone(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  return start(folder, process.execPath, [clone, ...args], env);
}

/** Takes out what the program calls itself by, which follows from how it was started. */
export function withoutName({ status, stdout, stderr }: Result): Result {
  const alike = (text: string): string =>
    text.replaceAll(/npx kubectl-cronaudit|[\w/.-]*kubectl-cronaudit/g, "kubectl cronaudit");
  return { status, stdout: alike(stdout), stderr: alike(stderr) };
}
