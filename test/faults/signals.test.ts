import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { run } from "../../src/main.ts";
import { startFaultServer, type FaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

/** A process whose program waits for a server that says nothing, and the statuses with which it was told to end. */
async function waiting(argv: string[]) {
  server.when(/./, () => undefined);
  const exits: number[] = [];
  const process = Object.assign(new EventEmitter(), {
    ...{ argv: ["node", "kubectl-cronaudit", ...argv, "--request-timeout", "2s"] },
    env: { KUBECONFIG: await server.kubeconfig(), HOME: "/nonexistent", XDG_STATE_HOME: server.file("state") },
    ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    ...{ cwd: () => "/", versions: globalThis.process.versions, platform: "linux", arch: "x64" },
    exit: (status: number) => void exits.push(status),
  });
  const ended = run(process as unknown as NodeJS.Process);
  while (server.seen.length === 0) await sleep(10);
  return { process, exits, ended };
}

test("what takes a lab down goes on when the connection drops, and ends at once with Ctrl-C alone", async () => {
  const { process, exits, ended } = await waiting(["replay", "cleanup", "--context", "test"]);
  for (const signal of ["SIGHUP", "SIGHUP", "SIGTERM", "SIGHUP"]) process.emit(signal);
  expect(exits).toEqual([]);
  process.emit("SIGINT");
  expect(exits).toEqual([129]);
  await ended;
});

test.each(["SIGHUP", "SIGTERM", "SIGINT"])("any other verb ends at once with a second %s", async (signal) => {
  const { process, exits, ended } = await waiting(["stale", "--context", "test"]);
  process.emit(signal);
  expect(exits).toEqual([]);
  process.emit(signal);
  expect(exits.length).toBe(1);
  await ended;
});
