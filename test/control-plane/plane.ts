import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { commandOf } from "./arguments.ts";
import { attachPlane, openPlane } from "./attach.ts";
import { buildControlPlane } from "./build.ts";
import type { Binaries } from "./build.ts";
import { newPlaneDirectory, removeLeftovers, removePlane } from "./directory.ts";
import { nodeName, writePlaneFile } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";
import { writePlaneFiles } from "./plane-files.ts";
import { freePorts } from "./ports.ts";
import { startProgram } from "./processes.ts";
import type { Program } from "./processes.ts";
import type { ControlPlane } from "./provider.ts";
import { NotStarted, waitFor, waitForApiserver, waitForControllers, waitForEtcd } from "./ready.ts";
import { newTokens } from "./users.ts";

export { attachPlane };

export interface StartOptions {
  /** Receives progress, one line at a time; silent when absent. */
  log?: (line: string) => void;
  signal?: AbortSignal;
  /** Arguments of the API server beside those that every plane has, as `--feature-gates=Name=false`. */
  apiserver?: string[];
  /** The same for the controllers, as `--terminated-pod-gc-threshold=0`. */
  controllers?: string[];
}

/** The process that ends the plane when this one ends; the function tells it to do so now and waits for it. */
function startWatcher(directory: string): () => Promise<void> {
  const watcher = spawn(process.execPath, [join(import.meta.dirname, "watcher.ts"), directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  // A pipe is a handle of its own; neither may keep the owner from ending.
  (watcher.stdin as unknown as { unref(): void }).unref();
  watcher.stdin.on("error", () => {});
  const ended = once(watcher, "exit");
  return async () => {
    watcher.ref();
    watcher.stdin.end();
    await ended;
  };
}

const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: nodeName,
    annotations: { "kwok.x-k8s.io/node": "fake" },
    labels: { "kubernetes.io/hostname": nodeName, "kubernetes.io/os": "linux", type: "kwok" },
  },
};

async function startPrograms(file: PlaneFile, plane: ControlPlane): Promise<void> {
  const start = (program: Program) => {
    const { path, args } = commandOf(file, program);
    return startProgram(file.directory, program, path, args);
  };
  await waitForEtcd(file, start("etcd"));
  const send = plane.request;
  await waitForApiserver(file, start("kube-apiserver"), send);
  const controllers = start("kube-controller-manager");
  const created = await send("POST", "/api/v1/nodes", node);
  if (created.status !== 201) throw new Error(`the API server refused the node ${nodeName}: ${created.body.message}`);
  const kwok = start("kwok");
  await waitForControllers(file, controllers);
  // Pods of a namespace are refused until its default ServiceAccount exists: the controllers are really at work then.
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  await waitFor(file, "kube-controller-manager", controllers, async () => (await send("GET", account)).status === 200);
  await waitFor(file, "kwok", kwok, async () => {
    const { body } = await send("GET", `/api/v1/nodes/${nodeName}`);
    return body.status?.conditions?.some(
      (c: { type: string; status: string }) => c.type === "Ready" && c.status === "True",
    );
  });
}

async function startOnce(
  binaries: Binaries,
  { signal, apiserver = [], controllers = [] }: StartOptions,
): Promise<ControlPlane> {
  const directory = newPlaneDirectory();
  const endWatcher = startWatcher(directory);
  const end = async () => {
    await removePlane(directory);
    await endWatcher();
  };
  // Whatever is being waited for fails at once when its program is gone.
  const abort = () => void end().catch(() => {});
  signal?.addEventListener("abort", abort);
  try {
    const ports = await freePorts(["etcd", "etcdPeer", "apiserver", "controllerManager", "kwok"]);
    const file = { directory, binaries, users: newTokens(), ports, apiserver, controllers };
    writePlaneFiles(file);
    const plane = openPlane(file, end);
    await startPrograms(file, plane);
    // Last, because whoever finds it may use the plane.
    writePlaneFile(file);
    return plane;
  } catch (error) {
    await end();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * Builds what the cache lacks and starts a control plane of its own: etcd, kube-apiserver, kube-controller-manager and
 * kwok on free loopback ports; ready about four seconds later. It ends with stop(), or with this process.
 */
export async function startPlane(options: StartOptions = {}): Promise<ControlPlane> {
  const log = options.log ?? (() => {});
  const binaries = await buildControlPlane({ log, ...(options.signal ? { signal: options.signal } : {}) });
  await removeLeftovers(log);
  for (let tries = 1; ; tries++) {
    options.signal?.throwIfAborted();
    try {
      return await startOnce(binaries, options);
    } catch (error) {
      if (!(error instanceof NotStarted && error.portTaken) || tries === 3) throw error;
      log("another process took a port in between; starting the control plane again with others");
    }
  }
}
