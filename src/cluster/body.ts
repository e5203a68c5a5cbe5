import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";

/** An answer with more bytes than it may have. */
export class BodyTooLarge extends Error {}

/**
 * Reads an answer to its end, decompressing what the server compressed. Holds at most `maxBytes` and a few chunks more
 * at any time; throws BodyTooLarge as soon as there are more, and whatever breaks the connection.
 */
export async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<string> {
  if (encoding !== "gzip") return collect(body, maxBytes);
  const plain = createGunzip();
  body.on("error", (error: Error) => plain.destroy(error));
  body.pipe(plain);
  try {
    return await collect(plain, maxBytes);
  } finally {
    body.on("error", () => undefined).destroy();
  }
}

async function collect(stream: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString("utf8");
}
