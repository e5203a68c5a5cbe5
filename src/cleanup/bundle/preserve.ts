import { EvidenceError } from "../../evidence/errors.ts";
import { objectAt, stringAt } from "../../evidence/json.ts";
import { createMask } from "../../evidence/mask.ts";
import type { Api } from "../../model/api.ts";
import type { BundleHead, BundleMissing } from "../../model/bundle.ts";
import type { CleanupRules } from "../../model/cleanup.ts";
import { Collection } from "./collection.ts";
import type { Work } from "./collection.ts";
import { writeEvents } from "./events.ts";
import { survivable } from "./fetch.ts";
import type { Wanted } from "./fetch.ts";
import type { BundleFiles, NewFile } from "./files.ts";
import { BUNDLE_VERSION } from "./format.ts";
import type { Packed } from "./pack.ts";
import { BundleWriter } from "./pack.ts";
import { ValueBox } from "./values.ts";
import type { Lock } from "./values.ts";
import { readBack } from "./verify.ts";
import { writeLogs } from "./write-logs.ts";

/** How a bundle is made. */
export interface PreserveOptions {
  /** Where it goes; `name` is what messages call it. */
  path: string;
  name: string;
  /** Replaces a file of that name. */
  force: boolean;
  rules: CleanupRules | null;
  toolVersion: string;
  /** The operator's name on this machine. */
  localUser: string | null;
  fingerprintKey: string | null;
  /** Makes no file where none of the objects can be read. */
  needsOne?: boolean;
  /** Logs of the pods as well. */
  logs: boolean;
  /** Unmasked parts as well, for those who can open this lock; null: none. */
  values: Lock | null;
  now(): Date;
  files: BundleFiles;
  signal: AbortSignal;
  progress(text: string, share?: number): void;
}

/** A bundle that is on the disk and was read back. */
export interface Preserved {
  path: string;
  sha256: string;
  size: number;
  /** uids of what was asked for and is in it; nothing else may be deleted. */
  preserved: Set<string>;
  /** resourceVersions by uid: what was preserved is the object as it was then. */
  versions: Map<string, string>;
  missing: BundleMissing[];
  gaps: string[];
}

/**
 * Writes the evidence of these objects as one file: complete, on the disk, read back and compared before it has its name. Throws
 * EvidenceError where that fails, ApiError where no request can succeed, the signal's reason where it was aborted; then there is no
 * file of its making, and nothing may be deleted.
 */
export async function preserve(
  api: Api,
  { objects }: { objects: readonly Wanted[] },
  options: PreserveOptions,
): Promise<Preserved> {
  const { files, signal, path, force } = options;
  const lock = options.values === null ? null : await ValueBox.lockedBy(options.values).catch(badLock);
  signal.throwIfAborted();
  await files.reached("bundle: create");
  const file = await files.create(path, force).catch((error: unknown) => failed(error, options));
  // At once, because a second signal ends the process before any work that waits.
  const stop = (): void => file.discard();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { packed, collection } = await write(api, objects, { file, lock, options });
    await settle(file, packed, options);
    const { preserved: versions, missing, gaps } = collection;
    const { sha256, size } = packed;
    return { path, sha256, size, preserved: new Set(versions.keys()), versions, missing, gaps };
  } catch (error) {
    file.discard();
    signal.throwIfAborted();
    return failed(error, options);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

type Locked = Awaited<ReturnType<typeof ValueBox.lockedBy>>;

async function write(
  api: Api,
  objects: readonly Wanted[],
  { file, lock, options }: { file: NewFile; lock: Locked | null; options: PreserveOptions },
): Promise<{ packed: Packed; collection: Collection }> {
  const { files, signal } = options;
  const now = (): string =>
    options
      .now()
      .toISOString()
      .replace(/\.\d{3}Z$/, "Z");
  const writer = new BundleWriter(file, await headOf(api, options, now()));
  try {
    const step = (text: string, share?: number): void => {
      signal.throwIfAborted();
      options.progress(text, share);
    };
    const mask = await createMask(options.fingerprintKey);
    const work: Work = { api, writer, mask, box: lock?.box ?? null, now, step };
    const collection = new Collection(work);
    if (lock?.key != null) await writer.add(lock.key.path, lock.key.bytes, now());
    await files.reached("bundle: objects");
    await collection.objects(objects, options.logs);
    if (options.needsOne === true && collection.preserved.size === 0) throw nothingRead(collection.missing);
    await files.reached("bundle: events");
    await writeEvents(collection, work);
    if (options.logs) {
      await files.reached("bundle: logs");
      await writeLogs(collection, work);
    }
    const rest = (await lock?.box.close()) ?? null;
    if (rest !== null) await writer.add(rest.path, rest.bytes, now());
    await files.reached("bundle: manifest");
    const { missing, gaps } = collection;
    return { packed: await writer.finish({ finishedAt: now(), missing, gaps }), collection };
  } finally {
    writer.abandon();
  }
}

/** Onto the disk, back from it, and only then under its name. */
async function settle(file: NewFile, packed: Packed, { files, name, signal }: PreserveOptions): Promise<void> {
  await files.reached("bundle: sync");
  await file.sync();
  await files.reached("bundle: read back");
  await readBack(file.read(), name, packed);
  signal.throwIfAborted();
  await files.reached("bundle: name");
  await file.name();
  await files.reached("bundle: done");
}

async function headOf(api: Api, options: PreserveOptions, startedAt: string): Promise<BundleHead> {
  const [version, user, system] = await Promise.all([
    api.version(),
    api.whoami(),
    api.get("/api/v1/namespaces/kube-system").catch((error: unknown) => void survivable(error)),
  ]);
  const values = options.values === null ? null : "passphrase" in options.values ? "passphrase" : "recipients";
  return {
    kind: "EvidenceBundle",
    formatVersion: BUNDLE_VERSION,
    tool: { version: options.toolVersion },
    startedAt,
    cluster: { server: api.server, version, uid: stringAt(objectAt(system, "metadata"), "uid") },
    operator: { user, local: options.localUser },
    rules: options.rules,
    fingerprints: options.fingerprintKey === null ? "random key" : "given key",
    values,
  };
}

function nothingRead(missing: readonly BundleMissing[]): EvidenceError {
  const [first] = missing;
  const where = first?.object.namespace ?? null;
  const which =
    first === undefined ? "" : `: ${first.object.kind.toLowerCase()}/${first.object.name}: ${first.because}`;
  const more = missing.length > 1 ? `, and ${String(missing.length - 1)} more` : "";
  return new EvidenceError(
    `there is no evidence to save${where === null ? "" : ` in namespace ${where}`}${which}${more}`,
    "Look at what is there with kubectl get jobs,pods, or name another namespace with -n.",
  );
}

function badLock(): never {
  // What age says of a recipient may quote it.
  throw new EvidenceError(
    "a recipient of the values is none that age knows",
    "A recipient begins with age1; make one with: age-keygen",
  );
}

function failed(error: unknown, { name, path }: PreserveOptions): never {
  if (!(error instanceof Error) || error.name !== "BundleFileError") throw error;
  const isTaken = (error.cause as NodeJS.ErrnoException | undefined)?.code === "EEXIST";
  throw new EvidenceError(
    `cannot write the evidence to ${name}: ${error.message}`,
    isTaken
      ? "Choose another name, or replace it with --force."
      : `Check the directory, its rights and the space left: ${path}`,
  );
}
