import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { Io } from "../cli/io.ts";
import { having } from "../cleanup/plan/shape.ts";
import { integer, nullable, string } from "../evidence/shape.ts";

/** The process that carries a run out. */
export interface Holder {
  pid: number;
  host: string;
  /** When it began, in the system's own count, by which a later process with the same number is told from it; null where none is kept. */
  began: string | null;
}

const isHolder = having({ pid: integer, host: string, began: nullable(string) });

/** The lock of the run whose journal this is. */
export function lockPath(journal: string): string {
  return journal.replace(/\.jsonl$/, ".lock");
}

/** Says that this process carries a run out. Throws the system's error. */
export async function hold(path: string, processes: Io["processes"]): Promise<void> {
  if (processes === undefined) return;
  const pid = processes.own;
  const holder: Holder = { pid, host: hostname(), began: await beginOf(pid) };
  await writeFile(path, JSON.stringify(holder), { mode: 0o600 });
}

/** Takes the lock away; a lock that stays behind is that of a process that ended. */
export async function letGo(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

/** The process of this machine that holds a lock and lives; null where there is none. */
export async function liveHolder(path: string, processes: Io["processes"]): Promise<Holder | null> {
  const holder = await readHolder(path);
  if (holder === null || holder.host !== hostname() || processes?.isAlive(holder.pid) !== true) return null;
  return holder.began === null || holder.began === (await beginOf(holder.pid)) ? holder : null;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isHolder(value) ? (value as Holder) : null;
  } catch {
    return null;
  }
}

/** Field 22 of /proc/PID/stat, ticks since the machine started; the name before it may hold anything but ends with `)`. */
async function beginOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${String(pid)}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
