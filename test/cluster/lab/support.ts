import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import { parse } from "../../../src/cli/parse.ts";
import { failureLines } from "../../../src/cli/failure.ts";
import { commands } from "../../../src/commands/index.ts";
import { replayCleanup } from "../../../src/commands/replay-cleanup.ts";
import { LAB_EFFECTS, type LabEffects } from "../../../src/commands/replay-lab-effects.ts";
import { replayLab } from "../../../src/commands/replay-lab.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Run } from "../program.ts";
import { stubLabs } from "./stub.ts";

/** State directories that go with the last test of the file or block. */
export function useStates(): () => Promise<string> {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "cronaudit-lab-"));
    folders.push(folder);
    return folder;
  };
}

/** Where a lab is run from. */
export interface From {
  kubeconfig: string;
  state: string;
  effects?: Partial<LabEffects>;
  signal?: AbortSignal;
  /** The process that it says it is: this one, unless a test plays one that has ended. */
  pid?: number;
  /** Called with what it says on standard error, while it goes on. */
  said?(text: string): void;
}

/** Effects with the stubs for labs. */
export const STUBS: LabEffects = { ...LAB_EFFECTS, labs: () => Promise.resolve(stubLabs) };

/** No process has it: Linux counts no further than 2^22. */
export const NO_PROCESS = 2 ** 30;

function livesStill(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs `replay …` in this process, with the stubs unless told otherwise. */
export async function replayHere(
  argv: string[],
  { kubeconfig, state, effects = {}, signal, pid = process.pid, said }: From,
): Promise<Run> {
  const run: Run = { status: null, stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        run[name] += chunk.toString();
        if (name === "stderr") said?.(chunk.toString());
        done();
      },
    });
  const io: Io = {
    env: { KUBECONFIG: kubeconfig, HOME: "/nonexistent", XDG_STATE_HOME: state },
    ...{ stdin: Readable.from([]), stdout: sink("stdout"), stderr: sink("stderr") },
    ...{ now: () => new Date(), cwd: state, version: "0.0.0-test", startedAs: "kubectl-cronaudit" },
    runtime: { node: "", platform: "linux/x64", tzdata: "", timeZone: "UTC" },
    signal: signal ?? new AbortController().signal,
    processes: { own: pid, isAlive: livesStill },
  };
  try {
    const { options, words } = await parse(["replay", ...argv], commands);
    const context = { options, words, io, program: "kubectl cronaudit" };
    const all = { ...STUBS, ...effects };
    run.status = words[0] === "cleanup" ? await replayCleanup(context, all) : await replayLab(context, all);
  } catch (error) {
    run.stderr += failureLines(error, "kubectl cronaudit").join("\n");
    run.status = signal?.aborted === true ? 130 : 2;
  }
  return run;
}

/** Where the process of a lab is to end, and how. */
export interface EndsAt {
  step: string | null;
  nth?: number;
  signal?: "SIGKILL" | "SIGINT";
}

/** Runs `replay …` in a process of its own that ends at a step. */
export async function replayThere(
  argv: string[],
  { kubeconfig, state }: From,
  { step, nth = 1, signal = "SIGKILL" }: EndsAt,
): Promise<Run & { signal: string | null }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "child.ts")], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: kubeconfig, TZ: "UTC", XDG_STATE_HOME: state },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const run = { status: null as number | null, signal: null as string | null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
  child.stdin.end(JSON.stringify({ argv, step, nth, signal }));
  [run.status, run.signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, by) => resolve([code, by]));
  });
  return run;
}

/** The name of the context in the plane's kubeconfig, and the uid of the cluster. */
export async function clusterOf(plane: ControlPlane): Promise<{ context: string; uid: string }> {
  const { body } = await plane.request("GET", "/api/v1/namespaces/kube-system");
  return { context: CONTEXT, uid: body.metadata.uid as string };
}

/** As test/control-plane/kubeconfig.ts names it. */
const CONTEXT = "admin";
