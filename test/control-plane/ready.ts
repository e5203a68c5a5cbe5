import { existsSync } from "node:fs";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { caFileOf } from "./plane-file.ts";
import type { PlaneFile } from "./plane-file.ts";
import { lastWords } from "./processes.ts";
import type { Program } from "./processes.ts";
import type { Answer } from "./provider.ts";

/** A program of the plane that ended, or did not answer in time, with the last lines it logged. */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
  /** True when another process took one of the ports in between; starting again with others helps. */
  readonly portTaken: boolean;
  constructor(what: string, words: string) {
    super(words === "" ? what : `${what}; it logged:\n${words}`);
    this.portTaken = words.includes("address already in use");
  }
}

type Running = { ended(): boolean };
type Send = (method: string, path: string) => Promise<Answer>;

/** Polls until `ready`, fails at once when the program ends, and after `seconds` at the latest. */
export async function waitFor(
  plane: PlaneFile,
  program: Program,
  running: Running,
  ready: () => Promise<boolean>,
  seconds = 120,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    if (await ready().catch(() => false)) return;
    const words = () => lastWords(plane.directory, program);
    if (running.ended()) throw new NotStarted(`${program} ended while the control plane was starting`, words());
    if (performance.now() > deadline) throw new NotStarted(`${program} was not ready after ${seconds} s`, words());
    await sleep(50);
  }
}

/** etcd answers its health check. */
export async function waitForEtcd(plane: PlaneFile, running: Running): Promise<void> {
  await waitFor(plane, "etcd", running, async () => (await fetch(`http://127.0.0.1:${plane.ports.etcd}/health`)).ok);
}

/** /readyz answers ok, which includes the bootstrap roles. */
export async function waitForApiserver(plane: PlaneFile, running: Running, send: Send): Promise<void> {
  const ready = async () => existsSync(caFileOf(plane)) && (await send("GET", "/readyz")).status === 200;
  await waitFor(plane, "kube-apiserver", running, ready);
}

/** The controller-manager's own health check; its certificate is signed by nobody. */
export async function waitForControllers(plane: PlaneFile, running: Running): Promise<void> {
  const options = { host: "127.0.0.1", port: plane.ports.controllerManager, path: "/healthz", agent: false } as const;
  const healthy = () =>
    new Promise<boolean>((resolve, reject) => {
      const asked = request({ ...options, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      asked.once("error", reject);
      asked.end();
    });
  await waitFor(plane, "kube-controller-manager", running, healthy);
}
