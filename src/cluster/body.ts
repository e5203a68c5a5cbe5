import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";
import type { Text } from "../model/api.ts";

/** An answer with more bytes than it may have. */
export class BodyTooLarge extends Error {}

/**
 * Reads an answer to its end, decompressing what the server compressed. Holds at most `maxBytes` and a few chunks more
 * at any time; throws BodyTooLarge as soon as there are more, and whatever breaks the connection.
 */
export async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<string> {
  const { text, cut } = await readStart(body, encoding, maxBytes);
  if (cut) throw new BodyTooLarge();
  return text;
}

/** The same, but what is longer is cut after `maxBytes`, and the rest is not read. */
export async function readStart(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Text> {
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

async function collect(stream: Readable, maxBytes: number): Promise<Text> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream, and with it the connection.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > maxBytes) break;
  }
  const cut = bytes > maxBytes;
  const all = Buffer.concat(chunks, bytes);
  return { text: (cut ? all.subarray(0, maxBytes) : all).toString("utf8"), cut };
}
