import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { archiveName, TARGETS } from "../../scripts/release/targets.ts";
import type { Target } from "../../scripts/release/targets.ts";
import { withLock } from "../control-plane/build-lock.ts";

const run = promisify(execFile);

/** The version that the tests make a release of: package.json's own. */
export const VERSION: string = packageJson.version;

/** How long a hook that makes the release may take, in milliseconds: the fetching of Node is in it. */
export const MAKING = 900_000;

/** What a release is made of, by pattern. */
const sources = ["package.json", "package-lock.json", "krew-manifest.yaml", "CHANGELOG.md", "README.md", "LICENSE"];
const folders = ["bin/**", "docs/**", "src/**", "scripts/release.ts", "scripts/release/**"];

async function key(): Promise<string> {
  const files: string[] = [...sources];
  for await (const entry of glob(folders, { withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash("sha256").update(process.version);
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder of a release of the present sources, made once for all test files and runs: a minute, in the user's cache.
 * Those of other sources go when they are an hour old.
 */
export async function builtRelease(): Promise<string> {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const parent = join(caches, "kubectl-cronaudit", "release");
  const folder = join(parent, await key());
  await mkdir(parent, { recursive: true });
  await withLock(
    `${folder}.lock`,
    () => undefined,
    async () => {
      if (existsSync(folder)) return;
      for (const name of await readdir(parent)) {
        const old = join(parent, name);
        const { mtimeMs } = await stat(old).catch(() => ({ mtimeMs: Infinity }));
        if (!name.endsWith(".lock") && mtimeMs < Date.now() - 3_600_000)
          await rm(old, { recursive: true, force: true });
      }
      const args = ["scripts/release.ts", VERSION, "--dry-run", "--out", folder];
      await run(process.execPath, args, { env: { ...process.env, SOURCE_DATE_EPOCH: "1764201600" } });
    },
  );
  return folder;
}

/** The platform that the tests run on, where a release has an executable for it. */
export const here: Target | undefined = TARGETS.find(
  ({ os, arch }) =>
    os === (process.platform === "win32" ? "windows" : process.platform) &&
    arch === (process.arch === "x64" ? "amd64" : process.arch),
);

/** Unpacks this platform's archive into `folder` and returns the executable's path. */
export async function unpacked(folder: string, target: Target = here!): Promise<string> {
  const archive = join(await builtRelease(), archiveName(target, VERSION));
  await mkdir(folder, { recursive: true });
  await run("tar", ["-xzf", archive, "-C", folder]);
  return join(folder, target.program);
}
