import { lstatSync, mkdtempSync, readFileSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { identify, isAlive } from "./identify.ts";
import type { ProcessIdentity } from "./identify.ts";
import { removeNode } from "./node/remove.ts";
import { killPlaneProcesses } from "./processes.ts";

const prefix = "cronaudit-plane-";

/** A new directory for a plane that this process owns. */
export function newPlaneDirectory(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  writeFileSync(join(directory, "owner.json"), JSON.stringify(identify()));
  return directory;
}

/** Ends whatever runs for the plane in `directory` and removes the directory. */
export async function removePlane(directory: string): Promise<void> {
  if (!basename(directory).startsWith(prefix)) throw new Error(`${directory} is no directory of a control plane`);
  await removeNode(directory);
  await killPlaneProcesses(directory);
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  await removeNode(directory);
}

function ownerOf(directory: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(join(directory, "owner.json"), "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}

/** Removes this user's planes whose owner and whose watcher both died; says which. */
export async function removeLeftovers(log: (line: string) => void): Promise<void> {
  const parent = realpathSync(tmpdir());
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(parent, name);
    const stat = lstatSync(directory, { throwIfNoEntry: false });
    if (!stat?.isDirectory() || stat.uid !== process.getuid?.()) continue;
    const owner = ownerOf(directory);
    // Without a name in it, it may be one that another process is making right now.
    const abandoned = owner === null ? Date.now() - stat.mtimeMs > 60_000 : !isAlive(owner);
    if (!abandoned) continue;
    log(`removing what a control plane left behind whose owner died: ${directory}`);
    await removePlane(directory);
  }
}
