import { createHash } from "node:crypto";
import { createGzip } from "node:zlib";
import type { BundleHead, BundlePart, BundleTail } from "../../model/bundle.ts";
import type { Time } from "../../model/object.ts";
import type { NewFile } from "./files.ts";
import { Contents, firstLink, MANIFEST, nextLink, sealOf, sha256 } from "./format.ts";
import type { Link } from "./format.ts";
import { GZIP_HEADER } from "./gunzip.ts";
import { PartList } from "./part-list.ts";
import { TAR_END, tarEntry, tarPieces } from "./tar.ts";

/** A bundle that is complete, but has no name yet. */
export interface Packed {
  /** Of the file. */
  sha256: string;
  size: number;
  /** Of what was written into it, the manifest as well; see Contents. */
  contents: string;
}

/** Writes parts one after the other, so that only one of them is in memory; every method throws what the file throws. */
export class BundleWriter {
  readonly #file: NewFile;
  readonly #head: BundleHead;
  readonly #gzip = createGzip();
  readonly #hash = createHash("sha256");
  readonly #parts = new PartList();
  readonly #contents = new Contents();
  readonly #written: Promise<void>;
  #chain: string;
  #size = 0;

  constructor(file: NewFile, head: BundleHead) {
    this.#file = file;
    this.#head = head;
    this.#chain = firstLink(head);
    this.#written = this.#drain();
    // Whoever adds the next part meets it.
    this.#written.catch(() => undefined);
  }

  async add(path: string, bytes: Uint8Array, at: Time, object: BundlePart["object"] = null): Promise<void> {
    this.#note({ path, size: bytes.length, sha256: sha256(bytes), at, object });
    await this.#push(await tarEntry(path, bytes, at));
  }

  /** The same for a part that is too large to be put together. */
  async addPieces(path: string, pieces: readonly Buffer[], at: Time): Promise<void> {
    this.#note({ path, ...measured(pieces), at, object: null });
    for await (const chunk of tarPieces(path, pieces, at)) await this.#push(chunk);
  }

  async finish(tail: BundleTail): Promise<Packed> {
    const at = tail.finishedAt;
    const pieces = this.#parts.manifest({ head: this.#head, tail, seal: sealOf(this.#chain, tail) });
    this.#contents.add({ path: MANIFEST, ...measured(pieces), at });
    for await (const chunk of tarPieces(MANIFEST, pieces, at)) await this.#push(chunk);
    await this.#push(TAR_END);
    this.#gzip.end();
    await this.#written;
    return { sha256: this.#hash.digest("hex"), size: this.#size, contents: this.#contents.digest() };
  }

  #note(link: Link): void {
    this.#chain = nextLink(this.#chain, link);
    this.#parts.add({ ...link, chain: this.#chain });
    this.#contents.add(link);
  }

  /** Ends the work on a bundle that will not be completed. */
  abandon(): void {
    this.#gzip.destroy();
  }

  async #push(bytes: Buffer): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#gzip.write(bytes, (error) => (error == null ? resolve() : reject(error)));
      });
    } catch (error) {
      await this.#written;
      throw error;
    }
  }

  async #drain(): Promise<void> {
    for await (const chunk of this.#gzip as AsyncIterable<Buffer>) {
      // What zlib writes of the machine (RFC 1952, OS) is left unknown, so that the header is the same everywhere.
      const bytes = this.#size === 0 ? Buffer.concat([GZIP_HEADER, chunk.subarray(GZIP_HEADER.length)]) : chunk;
      this.#hash.update(bytes);
      this.#size += bytes.length;
      await this.#file.write(bytes);
    }
  }
}

function measured(pieces: readonly Buffer[]): { size: number; sha256: string } {
  const hash = createHash("sha256");
  let size = 0;
  for (const piece of pieces) {
    hash.update(piece);
    size += piece.length;
  }
  return { size, sha256: hash.digest("hex") };
}
