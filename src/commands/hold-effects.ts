import { randomUUID } from "node:crypto";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import { toTime } from "../batch/time.ts";
import { resolveOpen, type Effects } from "../hold/apply.ts";
import { journalPath, openJournal, readJournal, stateDirectory, type JournalFile } from "../hold/files.ts";
import { foldEntries, type Holds } from "../hold/journal.ts";
import type { Writer } from "../model/api.ts";
import type { HoldState } from "../model/hold.ts";
import type { Metadata } from "../model/snapshot.ts";
import { count, safe } from "../output/text.ts";
import { connectOptions } from "./evidence.ts";

/** The journal of the cluster that the evidence is of. Throws CommandError where the environment names no place for it. */
export function journalOf({ io }: Pick<Context, "io">, { cluster }: Pick<Metadata, "cluster">): string {
  const directory = stateDirectory(io.env, io.runtime.platform);
  if (directory !== null) return journalPath(directory, cluster);
  throw new CommandError("there is no place for the journal of holds", "Set XDG_STATE_HOME to a directory of yours.");
}

/** What is held, with a note for each line of the journal that cannot be read. Throws CommandError. */
export async function readHolds(path: string): Promise<{ holds: Holds; notes: string[] }> {
  const { entries, unread } = await readJournal(path).catch((error: unknown) => {
    throw journalError(error, path, "read");
  });
  const notes = unread.map((line) => `line ${String(line)} of ${path} is incomplete, and was passed over`);
  return { holds: foldEntries(entries), notes };
}

/** A connection that may patch, and the journal of what it does. */
export interface Hands extends Effects {
  api: Writer;
  close(): Promise<void>;
}

/** Opens both. Throws CommandError where the journal cannot be written: nothing is changed without it. */
export async function openHands(
  context: Context,
  metadata: Metadata,
  path: string,
  reached: Effects["reached"] = () => Promise.resolve(),
): Promise<Hands> {
  const { io } = context;
  const { connectWriter } = await import("../cluster/index.ts");
  // A patch under way comes to its end, and into the journal: Ctrl-C ends what is read, and nothing that is changed.
  io.outlast?.(60_000);
  const api = await connectWriter({ ...connectOptions(context), signal: new AbortController().signal });
  let file: JournalFile | null = null;
  const opened = async (): Promise<JournalFile> => (file ??= await openJournal(path));
  const guard = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw journalError(error, path, "write");
    });
  if (context.options["dry-run"] === null) {
    await guard(opened()).catch(async (error: unknown) => {
      await api.close();
      throw error;
    });
  }
  return {
    api,
    write: (entry) => guard(opened().then((journal) => journal.write(entry))),
    now: () => toTime(io.now().getTime()),
    newId: randomUUID,
    user: metadata.user,
    server: metadata.cluster.server,
    reached,
    stopped: () => io.signal.aborted,
    close: async () => {
      await Promise.all([api.close(), file?.close()]);
    },
  };
}

/** Finds out what became of patches that a run left open when it was ended, and notes those of which nothing can be read. */
export async function settle(hands: Hands, path: string): Promise<{ holds: Holds; notes: string[] }> {
  const before = await readHolds(path);
  if (before.holds.open.length === 0) return before;
  const { left } = await resolveOpen(before.holds.open, hands);
  const notes = left.map(
    ({ object, because }) =>
      `whether ${object.kind.toLowerCase()}/${object.name} was changed by an earlier run is not known: ${because}`,
  );
  const { holds } = await readHolds(path);
  return { holds, notes: [...before.notes, ...notes] };
}

/** Says how far a run came that ends early, and where the rest is told; nothing where it changed nothing. */
export function farewell({ io, program }: Context, objects: readonly { state: HoldState }[], done: HoldState): void {
  const changed = objects.filter(({ state }) => state === done).length;
  if (changed === 0) return;
  const what = `${count(changed, "object")} ${changed === 1 ? "was" : "were"} ${done} before it ended.`;
  io.stderr.write(`${what} What is held: ${safe(program)} hold --list\n`);
}

function journalError(error: unknown, path: string, what: "read" | "write"): unknown {
  const reason = systemReason(error);
  if (reason === null) return error;
  const next = what === "write" ? "Nothing is changed without it; set XDG_STATE_HOME to another directory." : null;
  return new CommandError(`cannot ${what} the journal of holds ${path}: ${reason}`, next);
}
