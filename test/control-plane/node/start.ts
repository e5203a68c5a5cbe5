import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, pathOf, waitFor } from "../act.ts";
import { withLock } from "../build-lock.ts";
import { identify, isAlive } from "../identify.ts";
import { readPlaneFile } from "../plane-file.ts";
import type { PlaneFile } from "../plane-file.ts";
import { freePorts } from "../ports.ts";
import type { ControlPlane } from "../provider.ts";
import { controllersToEnable, createCgroup } from "./cgroups.ts";
import { taint, writeNodeFiles } from "./config.ts";
import { putBaseImages } from "./images.ts";
import { buildKubelet } from "./kubelet-build.ts";
import { nodePrograms } from "./lacks.ts";
import { openNode } from "./node.ts";
import type { RealNode } from "./node.ts";
import { removeNode } from "./remove.ts";
import { cgroupOf, newRecord, nodeFolder, readRecord, realNodeName, writeRecord } from "./state.ts";
import type { NodeRecord } from "./state.ts";

type Log = (line: string) => void;

/** Starts containerd and the kubelet, and returns the record with the process that holds all of them. */
async function startPrograms(file: PlaneFile, record: NodeRecord, kubelet: string): Promise<NodeRecord> {
  const folder = nodeFolder(file.directory);
  const programs = nodePrograms();
  const members = createCgroup(cgroupOf(file.directory), record.enabledControllers);
  const log = openSync(join(folder, "node.log"), "a");
  const args = [join(import.meta.dirname, "node.sh"), folder, kubelet, programs.containerd, ...members];
  const env = { PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${process.env["PATH"] ?? ""}`, HOME: "/var/tmp", TZ: "UTC" };
  const child = spawn("/bin/sh", args, { cwd: folder, env, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  child.unref();
  let ended = false;
  child.once("error", () => (ended = true)).once("exit", () => (ended = true));
  const pid = await waitFor("the real node's first process", async () => {
    if (ended) return "";
    return existsSync(join(folder, "init")) && readFileSync(join(folder, "init"), "utf8").trim();
  });
  return { ...record, init: pid === "" ? null : identify(Number(pid)) };
}

/** The last lines of what the node's programs logged. */
function lastWords(directory: string): string {
  const words = (name: string) => {
    const path = join(nodeFolder(directory), name);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n").slice(-4).join("\n") : "";
  };
  return ["node.log", "var/lib/rig-real/containerd.log", "var/lib/rig-real/kubelet.log"]
    .map(words)
    .filter(Boolean)
    .join("\n");
}

/** Asks until `probe` says yes; fails as soon as the node's first process is gone. */
async function whileItRuns(file: PlaneFile, record: NodeRecord, what: string, probe: () => Promise<boolean>) {
  const alive = () => record.init !== null && isAlive(record.init);
  const seconds = 60;
  const over = await waitFor(what, async () => !alive() || (await probe()), { seconds }).catch((e: Error) => e);
  if (over !== true || !alive()) {
    const why = over instanceof Error ? over.message : "it ended";
    throw new Error(`the real node did not start: ${why}; it logged:\n${lastWords(file.directory)}`);
  }
}

/** What a cloud's controller does for a new node: its address, without which logs and exec do not find it. */
async function initialize(plane: ControlPlane): Promise<boolean> {
  const path = pathOf("Node", null, realNodeName);
  const { status, body } = await plane.request("GET", path);
  if (status !== 200) return false;
  const addresses = [
    { type: "InternalIP", address: "127.0.0.1" },
    { type: "Hostname", address: realNodeName },
  ];
  await must(plane, "PATCH", `${path}/status`, { status: { addresses } });
  // That of a node without its controller, and that of a new one, which a controller would take off that does not run.
  const taints = ((body.spec.taints ?? []) as { key: string }[]).filter(({ key }) => key === taint.key);
  await must(plane, "PATCH", path, { spec: { taints } });
  return true;
}

async function isReady(plane: ControlPlane): Promise<boolean> {
  const { body } = await plane.request("GET", pathOf("Node", null, realNodeName));
  const conditions = (body.status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

async function startOnce(plane: ControlPlane, file: PlaneFile, kubelet: string, signal?: AbortSignal): Promise<void> {
  const { directory } = file;
  const { kubelet: port } = await freePorts(["kubelet"]);
  signal?.throwIfAborted();
  let record = { ...newRecord(directory, port), enabledControllers: controllersToEnable() };
  writeRecord(directory, record);
  writeNodeFiles(file, record, nodePrograms());
  record = await startPrograms(file, record, kubelet);
  writeRecord(directory, record);
  const socket = join(nodeFolder(directory), "run/containerd/containerd.sock");
  await whileItRuns(file, record, "containerd", async () => existsSync(socket));
  const joins = async () => {
    await whileItRuns(file, record, "the node to register", () => initialize(plane));
    await whileItRuns(file, record, "the node to be ready", () => isReady(plane));
  };
  await Promise.all([putBaseImages(file), joins()]);
  writeRecord(directory, { ...record, ready: true });
}

/** Starts the node; tries again where another process took its port in between, and keeps why it failed for who asks next. */
async function start(plane: ControlPlane, file: PlaneFile, kubelet: string, signal?: AbortSignal): Promise<void> {
  const { directory } = file;
  const failed = join(directory, "node-failed");
  if (existsSync(failed)) throw new Error(readFileSync(failed, "utf8"));
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(plane, file, kubelet, signal);
    } catch (error) {
      const { message } = error as Error;
      await removeNode(directory);
      if (message.includes("address already in use") && tries < 3) {
        rmSync(nodeFolder(directory), { recursive: true });
        continue;
      }
      if (existsSync(directory)) writeFileSync(failed, message);
      throw error;
    }
  }
}

/**
 * The real node of a plane; started by whoever asks first, in whatever process, and ended with the plane. Throws with
 * what the machine lacks (nodeLacks), or with what its programs said where they do not start.
 */
export async function realNodeOf(plane: ControlPlane, log: Log = () => {}, signal?: AbortSignal): Promise<RealNode> {
  const { directory } = plane;
  const file = readPlaneFile(directory);
  if (readRecord(directory)?.ready !== true) {
    nodePrograms();
    const kubelet = await buildKubelet(log, signal);
    const waiting = () => log("another process is starting the real node; waiting for it");
    const work = async () => {
      if (readRecord(directory)?.ready !== true) await start(plane, file, kubelet, signal);
    };
    await withLock(join(directory, "node.lock"), waiting, work, signal);
  }
  return openNode(file, readRecord(directory)!);
}
