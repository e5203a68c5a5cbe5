import { createHash } from "node:crypto";
import { crc32, createInflateRaw } from "node:zlib";

/** RFC 1952: no name, no time, system unknown. Every bundle begins with it. */
export const GZIP_HEADER = Buffer.from("1f8b08000000000000ff", "hex");
const TRAILER = 8;

/** What is wrong with a bundle; `message` goes on from its name, "it is truncated". */
export class Damage extends Error {
  override readonly name = "Damage";
}

/**
 * Decompresses a bundle. gzip is taken apart by hand because Node's own reader passes over other headers, further members and
 * whatever follows. Throws Damage, and what the chunks throw.
 */
export class Gunzip {
  readonly #hash = createHash("sha256");
  readonly #inflate = createInflateRaw();
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);
  #hasEnded = false;
  /** Compressed bytes that were read. */
  size = 0;
  /** What the chunks threw: it says nothing of the bundle. */
  failure: unknown = null;

  /** Of the compressed bytes. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  async *plain(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    const filling = this.#fill(chunks);
    filling.catch((error: unknown) => this.#inflate.destroy(error as Error));
    let crc = 0;
    let length = 0;
    try {
      this.#inflate.once("end", () => (this.#hasEnded = true));
      for await (const bytes of this.#inflate as AsyncIterable<Buffer>) {
        crc = crc32(bytes, crc);
        length += bytes.length;
        yield bytes;
      }
      this.#hasEnded = true;
      await filling;
      this.#checkEnd(crc, length);
    } catch (error) {
      throw zlibDamage(error) ?? error;
    } finally {
      this.#inflate.destroy();
      await filling.catch(() => undefined);
    }
  }

  async #fill(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of this.#noting(chunks)) {
      this.#hash.update(chunk);
      this.size += chunk.length;
      this.#tail = Buffer.concat([this.#tail, chunk.subarray(-TRAILER)]).subarray(-TRAILER);
      const missing = GZIP_HEADER.length - this.#head.length;
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, missing)]);
      if (!GZIP_HEADER.subarray(0, this.#head.length).equals(this.#head))
        throw new Damage("it does not begin like a bundle");
      const rest = chunk.subarray(missing > 0 ? missing : 0);
      if (rest.length > 0 && !this.#hasEnded) await this.#write(rest);
    }
    if (this.size < GZIP_HEADER.length + TRAILER) throw new Damage("it is truncated");
    this.#inflate.end();
  }

  async *#noting(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* chunks;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** A write whose data turn out to be damaged, or to follow the end, may never be called back: the stream closes. */
  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const closed = (): void => (this.#hasEnded ? resolve() : reject(new Damage("its compressed data are damaged")));
      this.#inflate.once("close", closed);
      this.#inflate.write(bytes, (error) => {
        this.#inflate.off("close", closed);
        if (error == null) resolve();
        else reject(error);
      });
    });
  }

  #checkEnd(crc: number, length: number): void {
    const end = GZIP_HEADER.length + this.#inflate.bytesWritten + TRAILER;
    if (this.size < end) throw new Damage("it is truncated");
    if (this.size > end) throw new Damage("something follows its end");
    if (this.#tail.readUInt32LE(0) !== crc || this.#tail.readUInt32LE(4) !== length >>> 0)
      throw new Damage("its checksum is wrong");
  }
}

function zlibDamage(error: unknown): Damage | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") return new Damage("it is truncated");
  return code?.startsWith("Z_") === true ? new Damage("its compressed data are damaged") : null;
}
