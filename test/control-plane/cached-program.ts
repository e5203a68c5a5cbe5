import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./build-lock.ts";
import { go, goVersion } from "./go.ts";

/** One program beside the control plane's, with a place of its own in the cache, so that it changes without them. */
export interface Program {
  name: string;
  /** The folder with its go.mod, in which `go build` runs. */
  module: string;
  package: string;
  /** Flags of `go build` that say what is built. */
  flags: readonly string[];
  /** More of them, that follow from go.mod; asked only where it is built. */
  moreFlags?: () => Promise<string[]>;
  /** Files under `module` that it is made of, beside go.mod, go.sum and what these name. */
  sources?: readonly string[];
  /** Why it takes as long as it does, said before the build. */
  takes: string;
}

/** Changes whenever something changes that decides what is built. */
async function cacheKey({ module, flags, sources = [] }: Program, goLine: string): Promise<string> {
  const hash = createHash("sha256").update(`${goLine}\n${JSON.stringify(flags)}\n`);
  for (const path of ["/go.mod", "/go.sum", ...sources.map((file) => `/${file}`)]) {
    hash.update(path).update(await readFile(join(module, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The program's path in the cache of the control plane's build, built first where it is missing. Throws GoMissing
 * without Go 1.26, and what the compiler said where it fails. `log` receives one line at a time.
 */
export async function cachedProgram(
  program: Program,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const { name, module, flags, moreFlags, takes } = program;
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const root = join(caches, "kubectl-cronaudit", "control-plane");
  const directory = join(root, `${name}-${await cacheKey(program, await goVersion())}`);
  const path = join(directory, name);
  if (existsSync(path)) return path;
  await mkdir(root, { recursive: true });
  const partial = `${directory}.partial`;
  await withLock(
    `${directory}.lock`,
    ({ pid }) => log(`process ${String(pid)} is building ${name}; waiting for it`),
    async () => {
      if (existsSync(path)) return;
      // What a build left that died here.
      await rm(partial, { recursive: true, force: true });
      log(`building ${name} ${takes}`);
      const begun = performance.now();
      const all = [...flags, ...((await moreFlags?.()) ?? [])];
      await go(["build", ...all, "-o", join(partial, name), program.package], module, signal);
      await rename(partial, directory);
      log(`built ${name} in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    },
    signal,
  );
  return path;
}
