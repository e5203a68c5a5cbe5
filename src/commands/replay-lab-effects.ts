import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import { journalFiles, type JournalFiles } from "../cleanup/journal-files.ts";
import { stateDirectory } from "../hold/files.ts";
import type { AdversaryId } from "../model/replay-report.ts";
import type { PodSecurity } from "../scenarios/lab/base-objects.ts";
import type { Lab } from "../scenarios/lab/stage.ts";

/** What a lab needs of the machine; tests hand in one that fails or stops at a step. */
export interface LabEffects {
  journals: JournalFiles;
  labs(): Promise<Readonly<Record<AdversaryId, Lab>>>;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  random(bytes: number): Uint8Array;
  /** The longest wait for one namespace to go, in seconds. */
  patience: number;
  podSecurity: PodSecurity;
  /** Called at each step, by its name. */
  reached(step: string): Promise<void>;
}

/** The machine itself. */
export const LAB_EFFECTS: LabEffects = {
  journals: journalFiles,
  labs: async () => (await import("../scenarios/labs/index.ts")).labs,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  random: (bytes) => randomBytes(bytes),
  patience: 120,
  podSecurity: "baseline",
  reached: () => Promise.resolve(),
};

/** Where the journals of the labs on a cluster are. Throws CommandError where the environment names no place. */
export function labDirectory({ io }: Pick<Context, "io">, uid: string): string {
  const directory = stateDirectory(io.env, io.runtime.platform);
  if (directory !== null) return join(directory, "labs", uid);
  throw new CommandError("there is no place for the journal of the lab", "Set XDG_STATE_HOME to a directory of yours.");
}

/** Makes the directory. Throws CommandError: nothing is made on the cluster without a journal. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw journalError(error, path);
  }
}

/** The journals of a directory, by run; none where there is no directory. Throws CommandError. */
export async function journalsIn(directory: string): Promise<{ run: string; path: string }[]> {
  try {
    const names = (await readdir(directory)).filter((name) => /^r[0-9a-f]{8}\.jsonl$/.test(name)).sort();
    return names.map((name) => ({ run: name.replace(".jsonl", ""), path: join(directory, name) }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw journalError(error, directory);
  }
}

/** What a failure to read or write a journal is for the person; any other error as it is. */
export function journalError(error: unknown, path: string): unknown {
  const isFile = error instanceof Error && error.name === "BundleFileError";
  const reason = isFile ? error.message : systemReason(error);
  if (reason === null) return error;
  return new CommandError(
    `cannot keep the journal of the lab ${path}: ${reason}`,
    "A lab makes nothing without it; set XDG_STATE_HOME to another directory.",
  );
}
