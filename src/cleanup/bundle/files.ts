import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { access, link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { getSystemErrorMessage } from "node:util";

/** A file that is being written; `place` is where its bytes are until it gets its name. */
export interface NewFile {
  readonly place: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Gives every byte to the disk, and closes it. */
  sync(): Promise<void>;
  /** Its bytes from the beginning, from the disk. */
  read(): AsyncIterable<Buffer>;
  /** Gives it its name, and that to the disk. */
  name(): Promise<void>;
  /** Takes away what has no name yet, at once. */
  discard(): void;
}

/** What a bundle needs of the machine; tests hand in one that fails or stops. */
export interface BundleFiles {
  create(path: string, force: boolean): Promise<NewFile>;
  /** Called before each step, by its name. */
  reached(step: string): Promise<void>;
}

/** The machine's own file system. */
export const bundleFiles: BundleFiles = {
  create: createFile,
  reached: () => Promise.resolve(),
};

/** A file that cannot be written or read back; `message` says why, in the system's words. */
export class BundleFileError extends Error {
  override readonly name = "BundleFileError";
}

const TAKEN = "a file of that name exists";

async function createFile(path: string, force: boolean): Promise<NewFile> {
  const place = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  const handle = await open(place, "wx", 0o600).catch(failed);
  return new FileBeside(handle, place, path, force);
}

class FileBeside implements NewFile {
  readonly place: string;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #force: boolean;
  #isOpen = true;

  constructor(handle: FileHandle, place: string, path: string, force: boolean) {
    this.#handle = handle;
    this.place = place;
    this.#path = path;
    this.#force = force;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#handle.writeFile(bytes).catch(failed);
  }

  async sync(): Promise<void> {
    await this.#handle.sync().catch(failed);
    this.#isOpen = false;
    await this.#handle.close().catch(failed);
  }

  async *read(): AsyncGenerator<Buffer, void, undefined> {
    const handle = await open(this.place, "r").catch(failed);
    try {
      yield* handle.createReadStream({ autoClose: false });
    } finally {
      await handle.close();
    }
  }

  /** By a link, which fails where a file has that name; some file systems have none, and there it is two steps. */
  async name(): Promise<void> {
    if (this.#force) await rename(this.place, this.#path).catch(failed);
    else {
      const error = await link(this.place, this.#path).then(
        () => null,
        (problem: NodeJS.ErrnoException) => problem,
      );
      if (error !== null) await this.#withoutLinks(error);
      else await rm(this.place, { force: true });
    }
    await syncDirectory(dirname(this.#path));
  }

  async #withoutLinks(error: NodeJS.ErrnoException): Promise<void> {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(error.code ?? "")) failed(error);
    const isTaken = await access(this.#path).then(
      () => true,
      () => false,
    );
    if (isTaken) throw new BundleFileError(TAKEN);
    await rename(this.place, this.#path).catch(failed);
  }

  discard(): void {
    if (this.#isOpen) void this.#handle.close().catch(() => undefined);
    this.#isOpen = false;
    rmSync(this.place, { force: true });
  }
}

/** The name of a file is on the disk when its directory is. Windows opens no directories. */
export async function syncDirectory(path: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch {
    return;
  }
  try {
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "EPERM", "EBADF", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) failed(error);
  } finally {
    await handle.close();
  }
}

/** Throws BundleFileError with the words of the system. */
export function failed(error: unknown): never {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") throw new BundleFileError(TAKEN, { cause: error });
  const said = typeof errno === "number" ? (getSystemErrorMessage(errno) ?? code) : code;
  throw new BundleFileError(said ?? "it cannot be written", { cause: error });
}
