import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { BundleFileError, failed, syncDirectory } from "./bundle/files.ts";
import type { JournalFile } from "./journal.ts";

/** What a journal needs of the machine; tests hand in one that fails or stops. */
export interface JournalFiles {
  /** A new file that nobody else may read. Throws BundleFileError, also where the name is taken. */
  create(path: string): Promise<JournalFile>;
  /** Text of a journal; throws BundleFileError. */
  read(path: string): Promise<string>;
  /** The same file for further lines, after so many bytes; what stands behind them is cut off. */
  continue(path: string, bytes: number): Promise<JournalFile>;
}

/** The machine's own file system. */
export const journalFiles: JournalFiles = { create, read, continue: resume };

async function create(path: string): Promise<JournalFile> {
  const handle = await open(path, "wx", 0o600).catch(failed);
  await syncDirectory(dirname(path));
  return new Appending(handle, 0);
}

async function read(path: string): Promise<string> {
  const handle = await open(path, "r").catch(failed);
  try {
    return await handle.readFile("utf8").catch(failed);
  } finally {
    await handle.close();
  }
}

async function resume(path: string, bytes: number): Promise<JournalFile> {
  const handle = await open(path, "r+").catch(failed);
  await handle.truncate(bytes).catch(failed);
  await handle.sync().catch(failed);
  return new Appending(handle, bytes);
}

class Appending implements JournalFile {
  readonly #handle: FileHandle;
  #bytes: number;

  constructor(handle: FileHandle, bytes: number) {
    this.#handle = handle;
    this.#bytes = bytes;
  }

  async append(text: string): Promise<void> {
    const { size } = await this.#handle.stat().catch(failed);
    if (size !== this.#bytes) throw new BundleFileError("another program writes to it as well");
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#bytes).catch(failed);
      done += bytesWritten;
      this.#bytes += bytesWritten;
    }
    await this.#handle.datasync().catch(failed);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
