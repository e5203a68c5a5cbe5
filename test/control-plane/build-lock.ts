import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive } from "./identify.ts";
import type { ProcessIdentity } from "./identify.ts";

/** The process that holds the lock, null when it has not written its name yet or the lock is gone. */
async function holder(lock: string): Promise<ProcessIdentity | null> {
  try {
    return JSON.parse(await readFile(join(lock, "holder.json"), "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}

/**
 * Runs `work` while no other process holds the lock directory; a lock whose holder is dead is broken.
 * Two holders would only waste time: what is built is moved into place in one step.
 */
export async function withLock<T>(
  lock: string,
  waiting: (holder: ProcessIdentity) => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let told = false;
  for (let unnamed = 0; ;) {
    signal?.throwIfAborted();
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const other = await holder(lock);
    // A holder writes its name at once; after five seconds without one it died in between.
    if (other === null ? ++unnamed > 10 : !isAlive(other)) {
      await rm(lock, { recursive: true, force: true });
      unnamed = 0;
      continue;
    }
    if (other !== null && !told) {
      waiting(other);
      told = true;
    }
    await sleep(500, undefined, signal ? { signal } : {});
  }
  await writeFile(join(lock, "holder.json"), JSON.stringify(identify()));
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
