import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./build-lock.ts";
import { go, goVersion } from "./go.ts";
import { targets } from "./targets.ts";

const module = join(import.meta.dirname, "kubernetes");
const sources = join(module, "oracle");

/** The flags decide which compiled packages of the control plane's build are taken over. */
const flags = [
  "-trimpath",
  "-buildvcs=false",
  "-tags",
  targets.find(({ name }) => name === "kube-apiserver")!.tags!,
  "-ldflags",
  // The last of them lets the oracle do without the machine's time zones: oracle/linked.go.
  "-s -w -checklinkname=0",
];

/** Changes whenever something changes that decides what is built. */
async function cacheKey(goLine: string): Promise<string> {
  const hash = createHash("sha256").update(`${goLine}\n${JSON.stringify(flags)}\n`);
  const own = (await readdir(sources)).filter((file) => /\.(?:go|s)$/.test(file)).sort();
  for (const path of [join(module, "go.mod"), join(module, "go.sum"), ...own.map((file) => join(sources, file))]) {
    hash.update(path.slice(module.length)).update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The path of the oracle's program in the cache of the control plane's build, built first where it is missing: ten seconds
 * after the control plane, two minutes without. Throws GoMissing without Go 1.26, and what the compiler said where it fails.
 * `log` receives one line at a time.
 */
export async function buildOracle(log: (line: string) => void): Promise<string> {
  const caches = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const root = join(caches, "kubectl-cronaudit", "control-plane");
  const directory = join(root, `oracle-${await cacheKey(await goVersion())}`);
  const program = join(directory, "oracle");
  if (existsSync(program)) return program;
  await mkdir(root, { recursive: true });
  const partial = `${directory}.partial`;
  await withLock(
    `${directory}.lock`,
    ({ pid }) => log(`process ${String(pid)} is building the oracle; waiting for it`),
    async () => {
      if (existsSync(program)) return;
      // What a build left that died here.
      await rm(partial, { recursive: true, force: true });
      log("building the oracle from Kubernetes' own code: seconds where the control plane is built, else minutes");
      const begun = performance.now();
      await go(["build", ...flags, "-o", join(partial, "oracle"), "./oracle"], module);
      await rename(partial, directory);
      log(`built the oracle in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    },
  );
  return program;
}
