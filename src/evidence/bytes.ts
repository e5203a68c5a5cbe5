import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { EvidenceError } from "./errors.ts";

/** Bytes as they come, with how they begin already known. */
export interface Peeked {
  head: Buffer;
  chunks: AsyncGenerator<Buffer>;
}

const PEEK = 64;

/** The plain bytes of a file or a pipe, gunzipped where they are compressed; refuses what is empty or no text. */
export async function plainBytes(stream: AsyncIterable<unknown>, name: string): Promise<Peeked> {
  const raw = await peek(buffers(stream, name));
  const isCompressed = raw.head[0] === 0x1f && raw.head[1] === 0x8b;
  const plain = isCompressed ? await peek(gunzipped(raw.chunks, name)) : raw;
  if (plain.head.length === 0)
    throw new EvidenceError(`${name} is empty`, "Check that the command that wrote it succeeded.");
  return plain;
}

async function peek(source: AsyncGenerator<Buffer>): Promise<Peeked> {
  const first: Buffer[] = [];
  let length = 0;
  while (length < PEEK) {
    const { value, done } = await source.next();
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  const start = Buffer.concat(first);
  return {
    head: start.subarray(0, PEEK),
    chunks: (async function* () {
      try {
        yield start;
        yield* source;
      } finally {
        await source.return(undefined);
      }
    })(),
  };
}

async function* buffers(stream: AsyncIterable<unknown>, name: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      yield typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    }
  } catch (error) {
    throw readError(error, name);
  }
}

const REASONS: Record<string, [string, string]> = {
  ENOENT: ["no such file", "Check the name, or write a snapshot first: kubectl cronaudit snapshot FILE."],
  EACCES: ["permission denied", "Check the rights of the file."],
  EISDIR: ["is a directory", "Name a file in it."],
};

function readError(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof EvidenceError || typeof code !== "string") return error;
  const [reason, next] = REASONS[code] ?? [code, "Check that the file can be read."];
  return new EvidenceError(`cannot read ${name}: ${reason}`, next);
}

async function* gunzipped(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Buffer> {
  let sourceError: unknown = null;
  const guarded = (async function* () {
    try {
      yield* chunks;
    } catch (error) {
      sourceError = error;
      throw error;
    }
  })();
  const gunzip = createGunzip();
  // The iteration below sees every error of the pipeline; its own callback has nothing to add.
  pipeline(Readable.from(guarded), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (sourceError !== null) throw sourceError as Error;
    const isTruncated = (error as NodeJS.ErrnoException).code === "Z_BUF_ERROR";
    throw new EvidenceError(
      `${name} is ${isTruncated ? "truncated" : "damaged"}: its gzip data ${isTruncated ? "ends too early" : "cannot be read"}`,
      "Copy the file again from where it was written.",
    );
  }
}
