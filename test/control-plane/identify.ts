import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process as it can be recognised later: a pid alone is reused by the system. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in whatever form the system tells; only compared. Null when the system does not tell. */
  started: string | null;
}

/** One field of proc_pid_stat(5) counted from 1, or what `ps` prints where there is no /proc; null for no process. */
function field(pid: number, number: number, column: string): string | null {
  try {
    if (process.platform !== "linux") {
      return execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8" }).trim() || null;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command name, is in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : (fields[number - 3] ?? null);
  } catch {
    return null;
  }
}

function startOf(pid: number): string | null {
  return field(pid, 22, "lstart");
}

/** The parent of the process `pid`, or null when there is no such process. */
export function parentOf(pid: number): number | null {
  const parent = field(pid, 4, "ppid");
  return parent === null ? null : Number(parent);
}

/** What identifies the process `pid`, by default this one. */
export function identify(pid: number = process.pid): ProcessIdentity {
  return { pid, started: startOf(pid) };
}

/** Whether that very process still runs; another one under the same pid does not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(identity.pid) === identity.started;
}
