import { createReadStream } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { basename } from "node:path";
import type { OwnRules } from "../credentials/own-rules.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { plainBytes } from "./bytes.ts";
import { decodeSnapshot } from "./decode.ts";
import { EvidenceError } from "./errors.ts";
import { HEADER_START, headerLine, measure, recordLines } from "./format.ts";
import { ruled } from "./own-rules.ts";

export { EvidenceError } from "./errors.ts";

/** A file by its path, or a stream such as standard input; `name` is what messages call it. */
export type EvidenceSource = { path: string; name?: string } | { stream: Readable; name: string };

export interface ReadOptions {
  /** Stands for the moment of capture where a file does not say it. */
  now: Date;
  toolVersion: string;
  /** For dumps; a snapshot brings its fingerprints along. */
  fingerprintKey: string | null;
  /** For dumps: whether to look for the values of their Secrets in their other objects. A snapshot has been compared, or never is. */
  compareSecrets?: boolean;
  /** The operator's rules, for the values of dumps; absent: none. */
  rules?: OwnRules | null;
}

/**
 * Reads a snapshot, or objects as kubectl prints them (JSON or YAML, lists, single or several documents), plain or gzipped,
 * told apart by content. Throws EvidenceError for what cannot be read.
 */
export async function readEvidence(source: EvidenceSource, options: ReadOptions): Promise<Snapshot> {
  const stream = "path" in source ? createReadStream(source.path) : source.stream;
  const name = "path" in source ? (source.name ?? basename(source.path)) : source.name;
  try {
    const { head, chunks } = await plainBytes(stream, name);
    if (head.toString("latin1").startsWith(HEADER_START)) {
      if (options.fingerprintKey !== null) throw keyComesLate(name);
      const snapshot = await decodeSnapshot(chunks, name);
      if (options.compareSecrets === true && snapshot.compared === undefined) throw comparisonComesLate(name);
      return ruled(snapshot, options.rules, false);
    }
    const { readDump } = await import("./dump.ts");
    return ruled(await readDump(chunks, name, options), options.rules, true);
  } finally {
    if ("path" in source) stream.destroy();
  }
}

function keyComesLate(name: string): EvidenceError {
  return new EvidenceError(
    `--fingerprint-key has no effect on ${name}: its fingerprints were made when it was captured`,
    "Leave it out here, and give it to kubectl cronaudit snapshot.",
  );
}

function comparisonComesLate(name: string): EvidenceError {
  return new EvidenceError(
    `--compare-secrets has no effect on ${name}: a snapshot holds no values, and it was taken without the flag`,
    "Leave it out here, and give it to kubectl cronaudit snapshot.",
  );
}

/** Writes a snapshot and leaves the target open; `bytes` counts plain bytes, `records` the lines after the header. */
export async function writeSnapshot(
  snapshot: Snapshot,
  target: Writable,
  { compress }: { compress: boolean },
): Promise<{ sha256: string; bytes: number; records: number }> {
  const measured = measure(snapshot);
  const lines = Readable.from(batches(snapshot, headerLine(snapshot, measured.sha256, measured.records)));
  if (compress) await pipeline(lines, createGzip(), target, { end: false });
  else await pipeline(lines, target, { end: false });
  return measured;
}

const BATCH = 1 << 16;

/** Few large chunks: a stream of single lines spends its time on the stream. */
function* batches(snapshot: Snapshot, header: string): Generator<Buffer> {
  let batch = header;
  for (const line of recordLines(snapshot)) {
    batch += line;
    if (batch.length < BATCH) continue;
    yield Buffer.from(batch);
    batch = "";
  }
  if (batch !== "") yield Buffer.from(batch);
}
