import { EvidenceError } from "../../evidence/errors.ts";
import type { BundleManifest, BundlePart } from "../../model/bundle.ts";
import { BUNDLE_VERSION, Contents, firstLink, manifestText, nextLink, sealOf, tarTime } from "./format.ts";
import { isManifest } from "./manifest-shape.ts";
import type { Packed } from "./pack.ts";
import { unpack } from "./unpack.ts";
import type { ReadPart, Take, Unpacked } from "./unpack.ts";

/** A bundle that is whole. */
export interface Verified {
  manifest: BundleManifest;
  /** Of the file. */
  sha256: string;
  /** Bytes of the file. */
  size: number;
}

const NOTHING: Take = { wants: () => false, take: () => undefined };

/**
 * Reads a bundle through and compares each part, the chain and the seal. Throws EvidenceError, which names the first part that is
 * wrong, and what the chunks throw.
 */
export async function verifyBundle(
  chunks: AsyncIterable<Buffer>,
  name: string,
  take: Take = NOTHING,
): Promise<Verified> {
  const parts: ReadPart[] = [];
  const read = await unpack(chunks, { ...take, part: (part) => parts.push(part) });
  const { manifest, wrong } = judge(read, parts);
  if (wrong !== null || manifest === null) {
    throw new EvidenceError(
      `${name} is not whole: ${wrong ?? "it has no manifest"}`,
      "Do not rely on it: copy it again from where it was written, and compare its SHA-256 with what was said then.",
    );
  }
  return { manifest, sha256: read.sha256, size: read.size };
}

/**
 * Reads a bundle through that was written just now: unpacks and hashes each part and the manifest, and compares them with what was
 * written, without holding either. Throws EvidenceError, and what the chunks throw.
 */
export async function readBack(chunks: AsyncIterable<Buffer>, name: string, packed: Packed): Promise<void> {
  const contents = new Contents();
  const add = ({ mtime, ...part }: ReadPart): void => contents.add({ ...part, at: mtime });
  const { manifest, problem, sha256, size } = await unpack(chunks, { ...NOTHING, part: add, withoutManifest: true });
  if (manifest !== null) add(manifest);
  const isSame = sha256 === packed.sha256 && size === packed.size && contents.digest() === packed.contents;
  if (problem === null && isSame) return;
  throw new EvidenceError(
    `${name} is not what was written${problem === null ? "" : `: ${problem}`}`,
    "Check the disk, and write it to another one.",
  );
}

function judge(read: Unpacked, parts: ReadPart[]): { manifest: BundleManifest | null; wrong: string | null } {
  const { problem, last } = read;
  if (read.manifest === null) {
    const where = last === null ? "" : `, after ${last}`;
    return { manifest: null, wrong: `${problem ?? "it ends without its manifest"}${where}` };
  }
  const manifest = parsed(read.manifest.bytes);
  if (typeof manifest === "string") return { manifest: null, wrong: manifest };
  return { manifest, wrong: compared(manifest, parts) ?? problem };
}

/** The manifest, or what is wrong with it. */
function parsed(bytes: Buffer): BundleManifest | string {
  let manifest: unknown;
  try {
    manifest = JSON.parse(bytes.toString("utf8"));
  } catch {
    return "manifest.json is no JSON";
  }
  if (!isManifest(manifest)) return "manifest.json is no manifest of a bundle";
  const version = manifest.head.formatVersion;
  if (version !== BUNDLE_VERSION) {
    return `manifest.json has format ${String(version)}, and this version of cronaudit reads ${String(BUNDLE_VERSION)}`;
  }
  return manifestText(manifest) === bytes.toString("utf8") ? manifest : "manifest.json is not as it was written";
}

function compared(manifest: BundleManifest, parts: ReadPart[]): string | null {
  let chain = firstLink(manifest.head);
  for (const [i, listed] of manifest.parts.entries()) {
    const part = parts[i];
    if (part === undefined) return `${listed.path} is missing`;
    const wrong = differs(listed, part);
    if (wrong !== null) return wrong;
    chain = nextLink(chain, listed);
    if (chain !== listed.chain) return `${listed.path} does not follow from the parts before it`;
  }
  const more = parts[manifest.parts.length];
  if (more !== undefined) return `${more.path} is in no manifest`;
  return sealOf(chain, manifest.tail) === manifest.seal ? null : "manifest.json does not match its seal";
}

function differs(listed: BundlePart, part: ReadPart): string | null {
  if (listed.path !== part.path) return `${part.path} stands where ${listed.path} should`;
  if (listed.size !== part.size || listed.sha256 !== part.sha256) return `${part.path} does not match its SHA-256`;
  return tarTime(listed.at) === part.mtime ? null : `${part.path} has another time`;
}
