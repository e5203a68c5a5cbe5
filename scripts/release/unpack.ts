import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { ReleaseError } from "./errors.ts";

/** Unpacks an npm tarball into `folder`, without its first path segment. Throws ReleaseError for a name that leads out. */
export async function unpack(tarball: Buffer, folder: string): Promise<void> {
  const entries = Readable.from([tarball]).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const { name, type, mode = 0o644 } = entry.header;
    const path = name.split("/").slice(1);
    if (path.includes("..")) throw new ReleaseError(`the tarball has an entry that leads out of it: ${name}`);
    const content = await buffer(entry);
    if (type !== "file") continue;
    const target = join(folder, ...path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: mode & 0o111 ? 0o755 : 0o644 });
  }
}
