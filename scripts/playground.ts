/**
 * A real control plane to try things on. Prints one line on stdout that, pasted into a shell, points kubectl at it and
 * makes `kubectl cronaudit` this clone; stays until Ctrl-C and leaves nothing behind.
 *
 *   npm run playground [-- [--no-cast] [--node] [--once] [--triage]]
 *
 * --no-cast starts with an empty cluster, --node adds a real node on which the cast's two backups run, --once ends as
 * soon as the line is printed, --triage prints the triage first.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { identify, isAlive, parentOf } from "../test/control-plane/identify.ts";
import { nodeLacks } from "../test/control-plane/node/lacks.ts";
import type { RealNode } from "../test/control-plane/node/node.ts";
import { startPlane } from "../test/control-plane/plane.ts";
import type { ControlPlane } from "../test/control-plane/provider.ts";

const log = (line: string): void => void process.stderr.write(`${line}\n`);
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A folder for PATH: kubectl of the server's version, this Node, and the plugin as kubectl looks for it. */
function linkPrograms(plane: ControlPlane): string {
  const folder = join(plane.directory, "bin");
  mkdirSync(folder);
  symlinkSync(plane.kubectl, join(folder, "kubectl"));
  symlinkSync(process.execPath, join(folder, "node"));
  symlinkSync(join(import.meta.dirname, "..", "bin", "kubectl-cronaudit.js"), join(folder, "kubectl-cronaudit"));
  return folder;
}

/** Aborted by the first signal, or when npm is gone; a second one ends this process at once, and the plane's watcher cleans up. */
function untilSignal(): AbortSignal {
  const abort = new AbortController();
  const stop = (): void => {
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  // npm starts a shell that starts this; neither passes its own death on.
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const shell = process.ppid;
    const npm = identify(parentOf(shell) ?? shell);
    setInterval(() => (process.ppid !== shell || !isAlive(npm)) && abort.abort(), 500).unref();
  }
  return abort.signal;
}

/** Loads the cast, and the developer who sees only the pods of one namespace; returns a kubeconfig of the latter. */
async function loadEverybody(plane: ControlPlane): Promise<string> {
  const { loadCast, loadDeveloperView } = await import("../test/control-plane/cast/index.ts");
  await loadCast(plane, log);
  return (await loadDeveloperView(plane, log)).kubeconfig;
}

/** Adds the real node and, where the cast is there, runs its backups on it; returns only the node. */
async function addNode(plane: ControlPlane, cast: boolean, signal: AbortSignal): Promise<RealNode> {
  const { realNodeOf } = await import("../test/control-plane/node/start.ts");
  const node = await realNodeOf(plane, log, signal);
  log(`the real node ${node.name} is ready`);
  if (!cast) return node;
  const { RUN_SECONDS, runBackupsOn } = await import("../test/control-plane/cast/real-runs.ts");
  await runBackupsOn(node, plane);
  log(`cronjobs backup and database-backup have a run on it, for ${String(RUN_SECONDS)} s`);
  return node;
}

async function triage(kubeconfig: string): Promise<void> {
  const program = join(import.meta.dirname, "..", "bin", "kubectl-cronaudit.js");
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  await once(spawn(process.execPath, [program], { stdio: ["ignore", "inherit", "inherit"], env }), "exit");
}

interface Options {
  cast: boolean;
  node: boolean;
  once: boolean;
  triage: boolean;
}

async function play(options: Options, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<null>((resolve) => signal.addEventListener("abort", () => resolve(null)));
  const plane = await startPlane({ log, signal });
  let developer: string | null = null;
  let node: RealNode | null = null;
  try {
    if (options.cast && !signal.aborted) developer = await Promise.race([loadEverybody(plane), aborted]);
    if (options.node && !signal.aborted) node = await Promise.race([addNode(plane, options.cast, signal), aborted]);
    if (signal.aborted) return;
    const kubeconfig = await plane.kubeconfigFor(plane.users!.admin, { name: "playground" });
    if (options.triage) await Promise.race([triage(kubeconfig), aborted]);
    if (signal.aborted) return;
    log(`Kubernetes ${plane.version} is ready. Paste this line into a shell, then try \`kubectl cronaudit\`:`);
    process.stdout.write(`export KUBECONFIG=${quote(kubeconfig)} PATH=${quote(linkPrograms(plane))}:"$PATH"\n`);
    if (developer !== null) {
      log("As a developer who may only list the pods of namespace team:");
      log(`  kubectl cronaudit --kubeconfig ${quote(developer)}`);
    }
    if (node !== null) {
      const { busybox, kubectl } = node.images;
      log(
        `Pods with \`nodeName: ${node.name}\` really run; it has the images ${busybox} and ${kubectl} and pulls none.`,
      );
    }
    if (options.once) return;
    log("Ctrl-C ends it and removes everything.");
    const alive = setInterval(() => {}, 1 << 30);
    await aborted;
    clearInterval(alive);
  } finally {
    await plane.stop();
  }
}

const signal = untilSignal();
try {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({ options: { "no-cast": flag, node: flag, once: flag, triage: flag } });
  const { node, once, triage } = values;
  const lacks = node ? nodeLacks() : null;
  if (lacks !== null) throw new Error(`--node: ${lacks}`);
  await play({ cast: !values["no-cast"], node, once, triage }, signal);
  // A cast that was still loading when Ctrl-C came would go on asking a server that is gone.
  if (signal.aborted) process.exit(0);
} catch (error) {
  if (!signal.aborted) log(`error: ${(error as Error).message}`);
  process.exitCode = signal.aborted ? 130 : 2;
}
