import { mkdir, open, readFile, type FileHandle } from "node:fs/promises";
import { dirname, join, posix, win32 } from "node:path";
import { parseJournal, type Entry } from "./journal.ts";

/**
 * Where records of this user stay: $XDG_STATE_HOME, else ~/.local/state; on Windows %LOCALAPPDATA%. A relative XDG path counts
 * as absent (XDG Base Directory Specification). Null where the environment names no such place.
 */
export function stateDirectory(env: Record<string, string | undefined>, platform: string): string | null {
  const own = "kubectl-cronaudit";
  if (platform.startsWith("win32")) {
    const local =
      env["LOCALAPPDATA"] ??
      (env["USERPROFILE"] === undefined ? "" : win32.join(env["USERPROFILE"], "AppData", "Local"));
    return local === "" ? null : win32.join(local, own);
  }
  const state = env["XDG_STATE_HOME"] ?? "";
  if (posix.isAbsolute(state)) return posix.join(state, own);
  const home = env["HOME"] ?? "";
  return home === "" ? null : posix.join(home, ".local", "state", own);
}

/** The journal of one cluster. A server without a known uid has one by its address. */
export function journalPath(directory: string, cluster: { uid: string | null; server: string }): string {
  const name = cluster.uid ?? cluster.server.replace(/[^a-zA-Z0-9.-]+/g, "_");
  return join(directory, "holds", `${name}.jsonl`);
}

/** What the journal holds; nothing where there is none. Throws the system's error. */
export async function readJournal(path: string): Promise<ReturnType<typeof parseJournal>> {
  try {
    return parseJournal(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { entries: [], unread: [] };
    throw error;
  }
}

/** A journal that is open for appending. */
export interface JournalFile {
  /** Is on disk when it returns. */
  write(entry: Entry): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal, and makes it where there is none. Throws the system's error. */
export async function openJournal(path: string): Promise<JournalFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a+", 0o600);
  try {
    if (await endsTorn(file)) await file.appendFile("\n");
    await file.sync();
    await syncDirectory(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return new Appender(file);
}

/** The name of a new file is on disk when its directory is; Windows opens no directory. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => null);
  if (directory === null) return;
  await directory.sync().catch(() => undefined);
  await directory.close();
}

/** True where whoever wrote last was ended in the middle of a line. */
async function endsTorn(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

/** Entries that wait while the disk is busy are written and synced together. */
class Appender implements JournalFile {
  readonly #file: FileHandle;
  #waiting: string[] = [];
  #flush: Promise<void> | null = null;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(entry: Entry): Promise<void> {
    this.#waiting.push(`${JSON.stringify(entry)}\n`);
    // Whoever finds a flush under way waits for it, and then for the one that takes this entry.
    await this.#flush?.catch(() => undefined);
    this.#flush ??= this.#write();
    await this.#flush;
  }

  async #write(): Promise<void> {
    const text = this.#waiting.join("");
    this.#waiting = [];
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } finally {
      this.#flush = null;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
