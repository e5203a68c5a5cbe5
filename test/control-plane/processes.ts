import { execFileSync, spawn } from "node:child_process";
import { openSync, closeSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The programs a plane runs; a process is a plane's when it is one of these and names the plane's directory. */
export const programs = ["etcd", "kube-apiserver", "kube-controller-manager", "kwok"] as const;
export type Program = (typeof programs)[number];

export interface PlaneProcess {
  pid: number;
  program: Program;
}

/** pid and arguments of every process that this user can see. */
function* commandLines(): Generator<{ pid: number; args: string[] }> {
  if (process.platform === "linux") {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      try {
        yield { pid: Number(name), args: readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0") };
      } catch {
        // The process ended between the listing and the look.
      }
    }
    return;
  }
  const table = execFileSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 32 * 1024 * 1024 });
  for (const line of table.split("\n")) {
    const [pid, ...args] = line.trim().split(/\s+/);
    if (pid) yield { pid: Number(pid), args };
  }
}

/** The running processes of the plane in `directory`; looking at command lines finds them whoever started them. */
export function planeProcesses(directory: string): PlaneProcess[] {
  const found: PlaneProcess[] = [];
  for (const { pid, args } of commandLines()) {
    const program = programs.find((name) => name === basename(args[0] ?? ""));
    if (program && args.slice(1).some((arg) => arg.includes(`${directory}/`))) found.push({ pid, program });
  }
  return found;
}

/** Ends the plane's processes, all or one program's, without asking them: their data goes with the directory. */
export async function killPlaneProcesses(directory: string, only?: Program): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const left = planeProcesses(directory).filter(({ program }) => only === undefined || program === only);
    if (left.length === 0) return;
    for (const { pid } of left) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await sleep(25);
  }
  throw new Error(`the control plane's processes in ${directory} do not end`);
}

/** Starts one program in its own session, so that Ctrl-C in the owner's terminal does not reach it, and logs to a file. */
export function startProgram(directory: string, program: Program, path: string, args: string[]): { ended(): boolean } {
  const log = openSync(join(directory, "logs", `${program}.log`), "a");
  const env = { PATH: process.env["PATH"] ?? "", HOME: directory, TMPDIR: directory, TZ: "UTC" };
  const child = spawn(path, args, { argv0: path, cwd: directory, env, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  let ended = false;
  child.once("error", () => (ended = true));
  child.once("exit", () => (ended = true));
  child.unref();
  return { ended: () => ended };
}

/** The last lines a program logged, for an error message. */
export function lastWords(directory: string, program: Program): string {
  try {
    return readFileSync(join(directory, "logs", `${program}.log`), "utf8")
      .trim()
      .split("\n")
      .slice(-4)
      .join("\n");
  } catch {
    return "";
  }
}
