import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import type { Header } from "tar-stream";
import { isSoundPath, MANIFEST } from "./format.ts";
import { Damage, Gunzip } from "./gunzip.ts";

/** No part that is written is nearly as large, but for two that grow with the number of objects. */
const LARGEST_PART = 128 << 20;
/** The manifest is read as one text, the chains of owners never are: some 400 bytes each, of as many objects as parts may be. */
const LARGEST_BY_PATH = new Map([
  [MANIFEST, 512 << 20],
  ["owners.jsonl", 2 ** 31],
]);
const MOST_PARTS = 2_000_000;

/** One file of the archive as it is read: what a manifest has to say of it. */
export interface ReadPart {
  path: string;
  size: number;
  sha256: string;
  /** Milliseconds since 1970. */
  mtime: number;
}

/** What was read until the end, or until what is wrong. */
export interface Unpacked {
  /** How many there are beside the manifest, and the path of the last; each was told to `part`. */
  parts: number;
  last: string | null;
  /** Its bytes where they were wanted. */
  manifest: (ReadPart & { bytes: Buffer }) | null;
  /** Of the file, and its bytes; they say nothing where there is a problem. */
  sha256: string;
  size: number;
  /** Why not all of it could be read; null where all could. */
  problem: string | null;
}

/** Takes parts out of a bundle while it is read through; their bytes count for nothing until all of it is verified. */
export interface Take {
  wants(path: string): boolean;
  take(path: string, bytes: Buffer): void | Promise<void>;
  /** Told of each part but the manifest. */
  part?(part: ReadPart): void;
  /** The manifest is hashed like the parts, and not kept. */
  withoutManifest?: boolean;
}

/** Reads a bundle through, with at most one part in memory. Throws what the chunks throw; what stands in them is a problem. */
export async function unpack(
  chunks: AsyncIterable<Buffer>,
  { wants, take, part, withoutManifest = false }: Take,
): Promise<Unpacked> {
  const gunzip = new Gunzip();
  const archive = extract();
  const feeding = pipeline(Readable.from(gunzip.plain(chunks)), archive);
  feeding.catch(() => undefined);
  let [parts, last]: [number, string | null] = [0, null];
  let manifest: Unpacked["manifest"] = null;
  let problem: string | null = null;
  try {
    for await (const entry of archive) {
      const wrong = wrongHeader(entry.header, parts, manifest !== null);
      if (wrong !== null) throw new Damage(wrong);
      const path = entry.header.name;
      const wanted = path === MANIFEST ? !withoutManifest : wants(path);
      const { read, bytes } = await readPart(entry, wanted);
      if (path === MANIFEST) manifest = { ...read, bytes };
      else {
        [parts, last] = [parts + 1, path];
        part?.(read);
        if (wanted) await take(path, bytes);
      }
    }
    await feeding;
  } catch (error) {
    await feeding.catch(() => undefined);
    if (gunzip.failure !== null) throw gunzip.failure;
    problem = problemOf(error);
  }
  return { parts, last, manifest, problem, sha256: gunzip.sha256(), size: gunzip.size };
}

function wrongHeader({ name, type, size, linkname }: Header, parts: number, isOver: boolean): string | null {
  // The name in a hostile file is no text for a message.
  const which = `part ${String(parts + 1)}`;
  if (isOver) return "something follows its manifest";
  if (type !== "file" || Boolean(linkname)) return `${which} is no plain file`;
  if (!isSoundPath(name)) return `${which} has a path that no bundle has`;
  if (size > (LARGEST_BY_PATH.get(name) ?? LARGEST_PART)) return `${name} is too large`;
  return parts >= MOST_PARTS ? "it has too many parts" : null;
}

type Entry = AsyncIterable<unknown> & { header: Header };

async function readPart(entry: Entry, keep: boolean): Promise<{ read: ReadPart; bytes: Buffer }> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (keep) kept.push(chunk);
  }
  const { name: path, mtime } = entry.header;
  return {
    read: { path, size, sha256: hash.digest("hex"), mtime: mtime.getTime() },
    bytes: Buffer.concat(kept),
  };
}

function problemOf(error: unknown): string {
  if (error instanceof Damage) return error.message;
  // Errors of the archive's reader have no name of their own; one of whoever takes parts has.
  if (!(error instanceof Error) || error.name !== "Error") throw error;
  return "its archive is damaged";
}
