import { pack } from "tar-stream";
import type { Time } from "../../model/object.ts";

/** What ends a tar archive. */
export const TAR_END = Buffer.alloc(1024);

/** One file as it stands in a tar archive: header, bytes and padding. Nothing in the header says who wrote it, or where. */
export async function tarEntry(path: string, bytes: Uint8Array, at: Time): Promise<Buffer> {
  const archive = pack();
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  archive.entry({ name: path, type: "file", mode: 0o600, uid: 0, gid: 0, mtime: new Date(at) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return all.subarray(0, all.length - TAR_END.length);
}
