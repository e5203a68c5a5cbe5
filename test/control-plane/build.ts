import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./build-lock.ts";
import { go, goEnvironment, goVersion } from "./go.ts";
import { identify, isAlive } from "./identify.ts";
import type { ProcessIdentity } from "./identify.ts";
import { format, kubernetesFlags, targets } from "./targets.ts";

export { GoMissing } from "./go.ts";

/** Absolute paths of what one build put into the cache. */
export interface Binaries {
  directory: string;
  etcd: string;
  apiserver: string;
  controllerManager: string;
  kubectl: string;
  kwok: string;
  /** Stages by which kwok keeps a node ready, copied from its module. */
  nodeStages: string[];
  /** `v1.36.4`. */
  version: string;
}

export interface BuildOptions {
  /** Receives one line at a time, without a line break. */
  log: (line: string) => void;
  signal?: AbortSignal;
  /** Bytes free where a directory is; asks the system when absent. */
  free?: (directory: string) => Promise<number>;
}

const here = import.meta.dirname;
const neededBytes = 6e9;
const nodeStages = ["node/fast/node-initialize.yaml", "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml"];

function cacheRoot(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "kubectl-cronaudit", "control-plane");
}

/** Changes whenever something changes that decides what is built. */
async function cacheKey(goLine: string): Promise<string> {
  const hash = createHash("sha256").update(`${format}\n${goLine}\n${JSON.stringify(targets)}\n`);
  for (const module of ["etcd", "kubernetes", "kwok"]) {
    for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(join(here, module, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function describe(directory: string): Promise<Binaries> {
  const at = (name: string) => join(directory, name);
  return {
    directory,
    etcd: at("etcd"),
    apiserver: at("kube-apiserver"),
    controllerManager: at("kube-controller-manager"),
    kubectl: at("kubectl"),
    kwok: at("kwok"),
    nodeStages: nodeStages.map((path) => at(path.split("/").at(-1)!)),
    version: (await readFile(at("version"), "utf8")).trim(),
  };
}

async function bytesFree(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Throws when one of the places that a build fills has less than it needs; `free` tells bytes. */
async function refuseFullDisk(root: string, free: (directory: string) => Promise<number> = bytesFree): Promise<void> {
  const caches = (await go(["env", "GOCACHE", "GOMODCACHE"])).split("\n");
  for (const directory of [root, ...caches]) {
    const bytes = await free(directory);
    if (bytes >= neededBytes) continue;
    throw new Error(
      `building the control plane needs about 6 GB of free disk, but ${directory} has ${(bytes / 1e9).toFixed(1)} GB; free some, or point ` +
        "XDG_CACHE_HOME, GOCACHE and GOMODCACHE to a larger disk",
    );
  }
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** One `go build`; what the compiler said becomes the error. */
async function compile(args: string[], cwd: string, signal?: AbortSignal): Promise<void> {
  const env = { ...process.env, ...goEnvironment };
  const child = spawn("go", args, { cwd, env, stdio: ["ignore", "ignore", "pipe"], ...(signal ? { signal } : {}) });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args.at(-1)} failed in ${cwd}: ${said.trim() || `exit status ${code}`}`));
    });
  });
}

async function fill(directory: string, options: BuildOptions): Promise<void> {
  const kubernetes = JSON.parse(await go(["list", "-m", "-json", "k8s.io/kubernetes"], join(here, "kubernetes"))) as {
    Version: string;
    Time: string;
  };
  for (const [index, target] of targets.entries()) {
    const begun = performance.now();
    options.log(`building ${target.name} (${index + 1} of ${targets.length})`);
    const flags = target.module === "kubernetes" ? kubernetesFlags(kubernetes.Version, kubernetes.Time) : ["-s", "-w"];
    const args = ["build", "-trimpath", "-buildvcs=false", ...(target.tags ? ["-tags", target.tags] : [])];
    args.push("-ldflags", flags.join(" "), "-o", join(directory, target.name), target.package);
    await compile(args, join(here, target.module), options.signal);
    options.log(`built ${target.name} in ${duration(performance.now() - begun)}`);
  }
  const kwok = await go(["list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/kwok"], join(here, "kwok"));
  for (const path of nodeStages) {
    await copyFile(join(kwok, "kustomize", "stage", path), join(directory, path.split("/").at(-1)!));
  }
  await writeFile(join(directory, "version"), `${kubernetes.Version}\n`);
}

/** Removes what builds left behind whose process died before the last step. */
async function removePartial(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith("partial-")) continue;
    const path = join(root, name);
    const builder = await readFile(join(path, "builder.json"), "utf8").catch(() => null);
    if (builder === null || !isAlive(JSON.parse(builder) as ProcessIdentity)) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

/** The control plane's programs from the cache, built first where they are missing; throws GoMissing without Go 1.26. */
export async function buildControlPlane(options: BuildOptions): Promise<Binaries> {
  const root = cacheRoot();
  const directory = join(root, await cacheKey(await goVersion()));
  if (existsSync(directory)) return describe(directory);
  await mkdir(root, { recursive: true });
  const waiting = ({ pid }: ProcessIdentity) =>
    options.log(`process ${pid} is building the control plane; waiting for it`);
  const build = async () => {
    if (existsSync(directory)) return;
    await refuseFullDisk(root, options.free);
    await removePartial(root);
    options.log(
      "building the Kubernetes control plane from its Go modules: about ten minutes the first time, because the whole " +
        "of kube-apiserver, kube-controller-manager and kubectl is compiled; later starts take it from " +
        root,
    );
    const partial = await mkdtemp(join(root, "partial-"));
    await writeFile(join(partial, "builder.json"), JSON.stringify(identify()));
    try {
      await fill(partial, options);
      await rm(join(partial, "builder.json"));
      // Where a broken lock let another process build as well, the first one's result stays.
      await rename(partial, directory).catch((error: unknown) => {
        if (!existsSync(directory)) throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  };
  await withLock(`${directory}.lock`, waiting, build, options.signal);
  return describe(directory);
}
