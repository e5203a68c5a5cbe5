import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import type { Explorer } from "../model/api.ts";
import type { TokenCheck } from "../model/cleanup.ts";
import { connectOptions } from "./evidence.ts";

/** A finalizer keeps a token alive for 60 s after the deletion of its pod, the server's cache for 10 s more. */
const LONGEST_MS = 80_000;
const POLL_MS = 1000;

/** A token that somebody may have, and whether the API server still takes it. */
export interface TriedToken {
  /** Whom the server took its holder for at first; null where it was refused then. */
  user: string | null;
  /** Tries it until it is refused. */
  after(
    since: number,
    given: { now(): Date; sleep(ms: number): Promise<void>; signal: AbortSignal },
  ): Promise<TokenCheck>;
  close(): Promise<void>;
}

/** Tries the token of --token-file for the first time; null without the flag. Throws CommandError where it cannot be read. */
export async function tryToken(context: Context): Promise<TriedToken | null> {
  const { options, io } = context;
  const file = options["token-file"];
  if (file === null) return null;
  const token = await readToken(file, io.cwd);
  const { connectByToken } = await import("../cluster/index.ts");
  const api = await connectByToken(connectOptions(context), token);
  const user = await holderOf(api);
  return {
    user,
    close: () => api.close(),
    async after(since, { now, sleep, signal }) {
      if (user === null) return { user, refusedAfterSeconds: null };
      for (;;) {
        const waited = now().getTime() - since;
        if ((await holderOf(api)) === null) return { user, refusedAfterSeconds: Math.round(waited / 1000) };
        if (waited > LONGEST_MS || signal.aborted) return { user, refusedAfterSeconds: null };
        await sleep(POLL_MS);
      }
    },
  };
}

async function holderOf(api: Explorer): Promise<string | null> {
  try {
    return (await api.whoami()) ?? "somebody";
  } catch (error) {
    if ((error as { status?: unknown }).status === 401) return null;
    throw error;
  }
}

async function readToken(file: string, cwd: string): Promise<string> {
  let text: string;
  try {
    text = (await readFile(resolve(cwd, file), "utf8")).trim();
  } catch (error) {
    throw new CommandError(
      `cannot read ${file}: ${systemReason(error) ?? "it is no file that can be read"}`,
      "Check its name.",
    );
  }
  // Its content is never repeated.
  if (!/^[\w.~+/=-]{1,16384}$/.test(text))
    throw new CommandError(`${file} holds no token`, "It holds the token alone.");
  return text;
}
