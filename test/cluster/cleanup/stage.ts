import { spawn } from "node:child_process";
import { createReadStream, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterEach } from "vitest";
import { verifyBundle } from "../../../src/cleanup/bundle/verify.ts";
import { readJournal } from "../../../src/cleanup/read-journal.ts";
import type { JournalState } from "../../../src/cleanup/read-journal.ts";
import type { Io } from "../../../src/cli/io.ts";
import { parse } from "../../../src/cli/parse.ts";
import { EFFECTS } from "../../../src/commands/cleanup-effects.ts";
import type { Effects } from "../../../src/commands/cleanup-effects.ts";
import { resumeCleanup } from "../../../src/commands/cleanup-resume.ts";
import { runCleanup } from "../../../src/commands/cleanup-run.ts";
import { commands } from "../../../src/commands/index.ts";
import type { CleanupPlan, CleanupResult } from "../../../src/model/cleanup.ts";
import { list, must, pathOf } from "../../control-plane/act.ts";
import { job } from "../../control-plane/cast/character.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { Cluster } from "../../control-plane/test.ts";
import { finishedJob } from "../../control-plane/time.ts";
import { schemaErrors } from "../../schema.ts";
import { cronaudit, reportOf, type Run } from "../program.ts";

export const podSpec = { containers: [{ name: "main", image: "registry.example.com/nightly:1" }] };

/** A folder that goes with the test that asked for it. */
export function useFolders(): () => Promise<string> {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), "cronaudit-cleanup-"));
    folders.push(folder);
    return folder;
  };
}

export async function finished(
  cluster: Cluster,
  name: string,
  more: Stored = {},
  metadata: Stored = {},
): Promise<Stored> {
  const { plane, namespace } = cluster;
  const manifest = job(namespace, name, podSpec, more);
  await must(plane, "POST", pathOf("Job", namespace), {
    ...manifest,
    metadata: { ...manifest["metadata"], ...metadata },
  });
  return finishedJob(plane, namespace, name);
}

/** Arguments of a cleanup of the test's namespace that writes to this folder. */
export function inFolder(namespace: string, folder: string, args: string[] = ["--yes"]): string[] {
  return ["cleanup", "-n", namespace, "--evidence", join(folder, "case.evidence"), ...args];
}

export async function planOf({ plane, namespace }: Cluster, args: string[] = []): Promise<CleanupPlan> {
  return reportOf<CleanupPlan>(plane.adminKubeconfig, ["cleanup", "-n", namespace, ...args]);
}

export async function cleanUp(
  cluster: Cluster,
  folder: string,
  args: string[] = ["--yes"],
  status = 0,
): Promise<CleanupResult> {
  return reportOf<CleanupResult>(cluster.plane.adminKubeconfig, inFolder(cluster.namespace, folder, args), status);
}

export function run({ plane, namespace }: Cluster, folder: string, args: string[]): Promise<Run> {
  return cronaudit(plane.adminKubeconfig, inFolder(namespace, folder, args));
}

export function outcomes({ items }: CleanupResult): Record<string, string> {
  return Object.fromEntries(items.map(({ object, outcome }) => [object.name, outcome]));
}

/** The journal of a folder, its chain compared. */
export function journalIn(folder: string): JournalState {
  return readJournal(readFileSync(join(folder, "case.journal"), "utf8"), "case.journal");
}

/** uids of what the evidence of a folder holds, once it was read through and compared. */
export async function evidenceIn(folder: string, name = "case.evidence"): Promise<Set<string>> {
  const { manifest } = await verifyBundle(createReadStream(join(folder, name)), name);
  return new Set(manifest.parts.flatMap(({ object }) => object?.uid ?? []));
}

/** uids and names of everything of these kinds in the namespace, that is not being deleted. */
export async function uidsIn(
  plane: ControlPlane,
  namespace: string,
  kinds = ["Job", "Pod", "Secret", "ConfigMap"],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const kind of kinds) {
    for (const { metadata } of await list(plane, kind, namespace)) {
      if (metadata.deletionTimestamp === undefined)
        found.set(metadata.uid as string, `${kind}/${String(metadata.name)}`);
    }
  }
  return found;
}

/** Where the process of a cleanup is to end, and how. */
export interface KilledAt {
  step: string | null;
  nth?: number;
  steps?: string | null;
  signal?: "SIGKILL" | "SIGINT";
}

/** Runs a cleanup in a process of its own that ends at a step. */
export async function killed(
  kubeconfig: string,
  argv: string[],
  at: KilledAt,
): Promise<Run & { signal: string | null }> {
  const { step, nth = 1, steps = null, signal = "SIGKILL" } = at;
  const child = spawn(process.execPath, [join(import.meta.dirname, "child.ts")], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: kubeconfig, TZ: "UTC" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const run = { status: null as number | null, signal: null as string | null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
  child.stdin.end(JSON.stringify({ argv, step, nth, steps, signal }));
  [run.status, run.signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, by) => resolve([code, by]));
  });
  return run;
}

/** What became of a cleanup in this process. */
export interface Here {
  status: number | null;
  result: CleanupResult | null;
  error: Error | null;
}

/** Runs a cleanup in this process; `reached` may do something at each step, as somebody else would. */
export async function here(kubeconfig: string, argv: string[], effects: Partial<Effects> = {}): Promise<Here> {
  const { command, options, words } = await parse([...argv, "-o", "json"], commands);
  let text = "";
  const stdout = new Writable({ write: (chunk: Buffer, _, done) => ((text += chunk.toString()), done()) });
  const stderr = new Writable({ write: (_chunk, _, done) => done() });
  const io: Io = {
    env: { KUBECONFIG: kubeconfig },
    stdin: Readable.from([]),
    stdout,
    stderr,
    now: () => new Date(),
    cwd: tmpdir(),
    version: "0.0.0-test",
    runtime: { node: "26.0.0", platform: "linux/x64", tzdata: "", timeZone: "UTC" },
    startedAs: "kubectl-cronaudit",
    signal: new AbortController().signal,
  };
  const context = { options, words, io, program: "kubectl cronaudit" };
  const all = { ...EFFECTS, ...effects };
  try {
    const status =
      options.resume === null ? await runCleanup(context, command.needs, all) : await resumeCleanup(context, all);
    const result = JSON.parse(text) as CleanupResult;
    const errors = schemaErrors(result);
    if (errors.length > 0) throw new Error(`the result does not keep to its schema: ${errors.join("; ")}`);
    return { status, result, error: null };
  } catch (error) {
    return { status: null, result: null, error: error as Error };
  }
}
