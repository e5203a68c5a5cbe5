import { createHash } from "node:crypto";
import type { BundleHead, BundleManifest, BundlePart, BundleTail } from "../../model/bundle.ts";
import type { Time } from "../../model/object.ts";

/** The version that this program writes, and the only one that it reads. */
export const BUNDLE_VERSION = 1;

/** The last part, which says what the others are. */
export const MANIFEST = "manifest.json";

/** What a part is before it has its place in the chain. */
export type Link = Omit<BundlePart, "chain">;

/** SHA-256 as hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The chain's beginning: what was known before the first part was written. */
export function firstLink(head: BundleHead): string {
  return sha256(JSON.stringify(head));
}

/** Covers a part and, by the chain before it, all parts before. */
export function nextLink(before: string, { path, size, sha256: hash, at, object }: Link): string {
  return sha256(`${before}\n${JSON.stringify({ path, size, sha256: hash, at, object })}`);
}

/** Covers what was only known at the end, and with it everything. */
export function sealOf(before: string, tail: BundleTail): string {
  return sha256(`${before}\n${JSON.stringify(tail)}`);
}

/** Milliseconds since 1970 as a tar header has them, which counts whole seconds. */
export function tarTime(at: Time): number {
  return Math.floor(Date.parse(at) / 1000) * 1000;
}

/** One digest over the files of an archive in their order, so that what was written and what is read back compare without either. */
export class Contents {
  readonly #hash = createHash("sha256");

  add({ path, size, sha256: hash, at }: { path: string; size: number; sha256: string; at: Time | number }): void {
    const time = typeof at === "number" ? at : tarTime(at);
    this.#hash.update(`${JSON.stringify([path, size, hash, time])}\n`);
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** A manifest as the bytes that stand in the bundle. */
export function manifestText(manifest: BundleManifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

const SEGMENT = /^[A-Za-z0-9._@%+~-]{1,1024}$/;
const FOLDERS = ["objects", "events", "logs", "values"];

/** True for a path that a bundle may have: no way out of the folder that somebody unpacks it in. */
export function isSoundPath(path: string): boolean {
  if (path === MANIFEST || path === "owners.jsonl") return true;
  const segments = path.split("/");
  return (
    segments.length > 1 &&
    segments.length <= 5 &&
    FOLDERS.includes(segments[0]!) &&
    segments.every((segment) => SEGMENT.test(segment) && segment !== "." && segment !== "..")
  );
}

/** A name as a segment of a path: `:` and whatever a file system may not take is percent-encoded. */
export function segment(name: string): string {
  const encoded = encodeURIComponent(name).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll(".", "%2e") : encoded;
}
