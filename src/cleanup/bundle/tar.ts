import { pack } from "tar-stream";
import type { Time } from "../../model/object.ts";

/** What ends a tar archive. */
export const TAR_END = Buffer.alloc(1024);

/** One file as it stands in a tar archive: header, bytes and padding. Nothing in the header says who wrote it, or where. */
export async function tarEntry(path: string, bytes: Uint8Array, at: Time): Promise<Buffer> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Buffer[] = [];
  for await (const chunk of tarPieces(path, [content], at)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The same of a file whose bytes are in pieces, piece by piece, so that nothing holds them once more. */
export async function* tarPieces(
  path: string,
  pieces: readonly Buffer[],
  at: Time,
): AsyncGenerator<Buffer, void, undefined> {
  const archive = pack();
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const file = archive.entry({ name: path, type: "file", mode: 0o600, uid: 0, gid: 0, mtime: new Date(at), size });
  for (const piece of pieces) file.write(piece);
  file.end(undefined);
  archive.finalize();
  // The last one ends an archive, and this is only a file of one.
  let last: Buffer | null = null;
  for await (const chunk of archive as unknown as AsyncIterable<Buffer>) {
    if (last !== null) yield last;
    last = chunk;
  }
}
