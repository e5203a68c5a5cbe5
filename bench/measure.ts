import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

/** One finished run of a command: wall seconds, and the peak resident memory of its processes in MB. */
export interface Measured {
  seconds: number;
  /** The largest single process; null where /proc does not tell. */
  peakMB: number | null;
  bytes: number;
  /** Resident memory of all its processes in MB, every 50 ms or so, by the clock in milliseconds. */
  resident: { at: number; MB: number }[];
}

/** High-water marks by pid of every process in a process group; and in kB what all of them hold now. */
async function readMemory(group: number, peaks: Map<string, number>): Promise<number> {
  let resident = 0;
  for (const pid of (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      if (Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]) !== group) continue;
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      const peak = /VmHWM:\s+(\d+) kB/.exec(status);
      resident += Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
      if (peak) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, Number(peak[1])));
    } catch {
      // The process ended between two reads; its last mark was kept.
    }
  }
  return resident;
}

/** Runs a shell command to its end, counts what it prints, and watches its memory every 50 ms. Throws when it fails. */
export async function measure(command: string, env: NodeJS.ProcessEnv): Promise<Measured> {
  const started = performance.now();
  const child = spawn("/bin/sh", ["-c", command], { env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => (bytes += chunk.length));
  const peaks = new Map<string, number>();
  const resident: Measured["resident"] = [];
  const timer = setInterval(() => {
    const at = Date.now();
    void readMemory(child.pid!, peaks).then((kB) => resident.push({ at, MB: kB / 1024 }));
  }, 50);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => {
    clearInterval(timer);
  });
  if (status !== 0) throw new Error(`ended with status ${String(status)}: ${command}`);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, peakMB: peaks.size === 0 ? null : Math.max(...peaks.values()) / 1024, bytes, resident };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
