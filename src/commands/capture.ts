import { randomBytes } from "node:crypto";
import { createWriteStream, rmSync } from "node:fs";
import type { WriteStream } from "node:fs";
import { access, link, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Writable } from "node:stream";
import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted, UsageError } from "../cli/errors.ts";
import { asCalled } from "../cli/invocation.ts";
import { systemReason, writeError } from "../cli/streams.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { blindSpotLines, headerLine } from "../output/header.ts";
import { count, safe } from "../output/text.ts";
import { gatherEvidence, namespaceOf } from "./evidence.ts";
import { narrow } from "./narrow.ts";
import { howToSeeMore } from "./next-step.ts";

interface Written {
  sha256: string;
  bytes: number;
  records: number;
}

/** Gathers the evidence and writes it to the file that was named, or to standard output. */
export async function captureSnapshot(context: Context, needs: readonly Resource[]): Promise<number> {
  const { options, words, io } = context;
  const [file, second] = words;
  if (second !== undefined)
    throw new UsageError(`snapshot takes one FILE, but got ${words.map((word) => `"${word}"`).join(" ")}`);
  if (file === "") throw new UsageError("the name of the snapshot's file must not be empty");
  const path = file === undefined || file === "-" ? null : resolve(io.cwd, file);
  const compress = path === null ? !options.plain : path.endsWith(".gz");
  if (path !== null && compress && options.plain) {
    throw new UsageError(`--plain writes text, but ${file ?? ""} is named like a compressed file`);
  }
  if (path === null && options.force) throw new UsageError("--force goes with a FILE");
  if (path === null && compress && io.stdout.isTTY === true) {
    throw new UsageError("a compressed snapshot is not for a terminal", [
      "Name a FILE, redirect standard output, or add --plain.",
    ]);
  }
  if (path !== null && !options.force) await refuseExisting(path, file!);

  const gathered = await gatherEvidence(context, needs, [], true);
  const namespace = namespaceOf(context);
  const snapshot =
    options.filename !== null && namespace !== null ? narrow(gathered.snapshot, namespace) : gathered.snapshot;
  const written =
    path === null
      ? await writeOut(snapshot, io.stdout, compress)
      : await writeFile(snapshot, { path, file: file!, compress, force: options.force, signal: io.signal });
  report(snapshot, written, file ?? "standard output", context);
  return snapshot.blindSpots.length === 0 ? 0 : 3;
}

async function refuseExisting(path: string, file: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw existing(file);
}

function existing(file: string): CommandError {
  return new CommandError(`${file} exists`, "Choose another name, or replace it with --force.");
}

async function write(snapshot: Snapshot, target: Writable, compress: boolean): Promise<Written> {
  const { writeSnapshot } = await import("../evidence/file.ts");
  return writeSnapshot(snapshot, target, { compress });
}

async function writeOut(snapshot: Snapshot, stdout: Writable, compress: boolean): Promise<Written> {
  try {
    return await write(snapshot, stdout, compress);
  } catch (error) {
    throw error instanceof Error ? writeError(error) : error;
  }
}

/**
 * Writes beside the target, readable by the owner alone, and gives it its name when it is whole. Without --force the
 * name is given by a link, which fails if somebody else took it in the meantime.
 */
async function writeFile(
  snapshot: Snapshot,
  to: { path: string; file: string; compress: boolean; force: boolean; signal: AbortSignal },
): Promise<Written> {
  const temporary = join(dirname(to.path), `.${basename(to.path)}.${randomBytes(6).toString("hex")}.part`);
  if (to.signal.aborted) throw new Interrupted();
  const target = createWriteStream(temporary, { flags: "wx", mode: 0o600, flush: true });
  // Nobody listens before the first write and after the last; each failure reaches us by the call that met it.
  target.on("error", () => undefined);
  // At once, because a second signal ends the process before any work that waits.
  const stop = (): void => {
    target.destroy(new Interrupted());
    rmSync(temporary, { force: true });
  };
  to.signal.addEventListener("abort", stop, { once: true });
  try {
    const written = await write(snapshot, target, to.compress);
    await close(target);
    if (to.signal.aborted) throw new Interrupted();
    await (to.force ? rename(temporary, to.path) : linkOrRename(temporary, to.path, to.file));
    return written;
  } catch (error) {
    throw fileError(error, to.file);
  } finally {
    to.signal.removeEventListener("abort", stop);
    await rm(temporary, { force: true });
  }
}

/** The last bytes may find the disk full only now. */
function close(target: WriteStream): Promise<void> {
  return new Promise((done, failed) => {
    target.end((error?: Error | null) => {
      if (error == null) target.close((problem) => (problem == null ? done() : failed(problem)));
      else failed(error);
    });
  });
}

/** Some file systems have no hard links; there the check and the renaming are two steps. */
async function linkOrRename(from: string, path: string, file: string): Promise<void> {
  try {
    await link(from, path);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    await refuseExisting(path, file);
    await rename(from, path);
  }
}

function fileError(error: unknown, file: string): unknown {
  if ((error as NodeJS.ErrnoException).code === "EEXIST") return existing(file);
  const reason = systemReason(error);
  if (reason === null) return error;
  return new CommandError(`cannot write ${file}: ${reason}`, "Check the directory, its rights and the space left.");
}

function report(snapshot: Snapshot, written: Written, file: string, context: Context): void {
  const { io } = context;
  const kinds = snapshot.collected
    .filter((kind) => kind !== "namespaces")
    .map((kind) => count(snapshot[kind].length, kind.slice(0, -1), kind));
  const lines = [
    headerLine(snapshot),
    ...blindSpotLines(
      snapshot.blindSpots,
      howToSeeMore(snapshot.blindSpots, { verb: "snapshot", namespace: namespaceOf(context) }),
    ),
    ...[...snapshot.notes, ...snapshot.recoveryNotes].map((note) => `Note: ${note}`),
    `Wrote ${count(written.records, "record")} to ${file}: ${kinds.join(", ")}`,
    `sha256 ${written.sha256}`,
  ];
  for (const line of lines) io.stderr.write(`${safe(asCalled(line, context.program))}\n`);
}
