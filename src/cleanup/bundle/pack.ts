import { createHash } from "node:crypto";
import { createGzip } from "node:zlib";
import type { BundleHead, BundleManifest, BundlePart, BundleTail } from "../../model/bundle.ts";
import type { Time } from "../../model/object.ts";
import type { NewFile } from "./files.ts";
import { firstLink, manifestText, MANIFEST, nextLink, sealOf, sha256 } from "./format.ts";
import { GZIP_HEADER } from "./gunzip.ts";
import { TAR_END, tarEntry } from "./tar.ts";

/** A bundle that is complete, but has no name yet. */
export interface Packed {
  manifest: BundleManifest;
  /** Of the file. */
  sha256: string;
  size: number;
}

/** Writes parts one after the other, so that only one of them is in memory; every method throws what the file throws. */
export class BundleWriter {
  readonly #file: NewFile;
  readonly #head: BundleHead;
  readonly #gzip = createGzip();
  readonly #hash = createHash("sha256");
  readonly #parts: BundlePart[] = [];
  readonly #paths = new Set<string>();
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

  /** True for a path that a part has already. */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  async add(path: string, bytes: Uint8Array, at: Time, object: BundlePart["object"] = null): Promise<void> {
    const link = { path, size: bytes.length, sha256: sha256(bytes), at, object };
    this.#chain = nextLink(this.#chain, link);
    this.#paths.add(path);
    this.#parts.push({ ...link, chain: this.#chain });
    await this.#push(await tarEntry(path, bytes, at));
  }

  async finish(tail: BundleTail): Promise<Packed> {
    const manifest: BundleManifest = {
      head: this.#head,
      parts: this.#parts,
      tail,
      seal: sealOf(this.#chain, tail),
    };
    await this.#push(await tarEntry(MANIFEST, Buffer.from(manifestText(manifest)), tail.finishedAt));
    await this.#push(TAR_END);
    this.#gzip.end();
    await this.#written;
    return { manifest, sha256: this.#hash.digest("hex"), size: this.#size };
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
