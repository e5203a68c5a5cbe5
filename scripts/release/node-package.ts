import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { complaintOf, ReleaseError } from "./errors.ts";
import { unpack } from "./unpack.ts";

const run = promisify(execFile);

interface Lock {
  packages: Record<string, { version?: string; integrity?: string }>;
}

/**
 * The folder of another platform's Node, as the lock file pins it: fetched with npm once, compared with the lock's
 * integrity, and kept in the user's cache. Throws ReleaseError where it cannot be had or differs.
 */
export async function nodePackage(root: string, name: string, log: (line: string) => void): Promise<string> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as Lock;
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) {
    throw new ReleaseError(`package-lock.json does not pin ${name}: add it to scripts/node/package.json`);
  }
  // npm ci has brought the Node of the platform that builds, and compared it.
  const installed = join(root, "node_modules", name);
  if ((await versionOf(installed)) === version) return installed;
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const parent = join(caches, "kubectl-cronaudit", "node");
  const key = createHash("sha256").update(integrity).digest("hex").slice(0, 12);
  const folder = join(parent, `${name}-${version}-${key}`);
  if (existsSync(folder)) return folder;
  await mkdir(parent, { recursive: true });
  const partial = await mkdtemp(join(parent, ".partial-"));
  try {
    log(`fetching ${name}@${version}`);
    await unpack(await fetched(`${name}@${version}`, integrity, partial), join(partial, "package"));
    // Whoever was faster has left the same.
    await rename(join(partial, "package"), folder).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function versionOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as { version: string }).version;
}

/** The package's tarball, whole and as the lock file has it. */
async function fetched(spec: string, integrity: string, folder: string): Promise<Buffer> {
  const args = ["pack", spec, "--silent", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: folder, shell: process.platform === "win32" }).catch(
    (error: Error) => {
      throw new ReleaseError(`npm could not fetch ${spec}: ${complaintOf(error)}`);
    },
  );
  const tarball = await readFile(join(folder, basename(stdout.trim())));
  const [algorithm = "", expected] = integrity.split(/-(.*)/s);
  const actual = createHash(algorithm).update(tarball).digest("base64");
  if (actual !== expected) {
    throw new ReleaseError(
      `${spec} is not what package-lock.json pins: ${algorithm} ${actual}, not ${String(expected)}`,
    );
  }
  return tarball;
}
