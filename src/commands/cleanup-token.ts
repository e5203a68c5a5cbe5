import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import type { ApiFailure, Explorer } from "../model/api.ts";
import type { TokenCheck } from "../model/cleanup.ts";
import { connectOptions } from "./evidence.ts";

/** A finalizer keeps a token alive for 60 s after the deletion of its pod, the server's cache for 10 s more. */
const LONGEST_MS = 80_000;
const POLL_MS = 1000;

/** What trying a token needs of the machine. */
interface Given {
  now(): Date;
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
}

/** A token that somebody may have: whether the API server still takes it, from the first deletion on. */
export class TriedToken {
  readonly #api: Explorer;
  /** Whom the server took its holder for at first; null where it was refused then. */
  readonly #user: string | null;
  #check: Promise<TokenCheck> | null = null;
  /** Milliseconds of the clock at which all deletions were done. */
  #over: number | null = null;
  #isClosed = false;

  constructor(api: Explorer, user: string | null) {
    this.#api = api;
    this.#user = user;
  }

  /** Begins to try it, once; seconds count from `since`, in milliseconds, which is now unless told otherwise. */
  watch(given: Given, since: number = given.now().getTime()): void {
    this.#check ??= this.#poll(since, given);
    // Whoever waits for it meets its error.
    this.#check.catch(() => undefined);
  }

  /** Waits until it is refused, or for as long as nothing else can keep it alive. */
  async ended(given: Given): Promise<TokenCheck> {
    this.#over = given.now().getTime();
    this.watch(given);
    return this.#check!;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#api.close();
  }

  async #poll(since: number, { now, sleep, signal }: Given): Promise<TokenCheck> {
    const check: TokenCheck = { user: this.#user, refusedAfterSeconds: null, unknownBecause: null };
    if (check.user === null) return check;
    for (;;) {
      const answer = await accepts(this.#api);
      if (answer === false) return { ...check, refusedAfterSeconds: Math.round((now().getTime() - since) / 1000) };
      const isLate = this.#over !== null && now().getTime() - this.#over > LONGEST_MS;
      if (isLate) return { ...check, unknownBecause: answer === true ? null : answer.because };
      if (signal.aborted || this.#isClosed) return { ...check, unknownBecause: "the trial was interrupted" };
      await sleep(POLL_MS);
    }
  }
}

/** Whether the API server takes the connection's token: who was refused something was known. `because`: why it does not say. */
async function accepts(api: Explorer): Promise<boolean | { because: string }> {
  try {
    await api.get("/version");
    return true;
  } catch (error) {
    const { name, status, message } = error as ApiFailure;
    if ((name as string) !== "ApiError") throw error;
    if (status === 401) return false;
    return status === 403 || status === 404 ? true : { because: message };
  }
}

/** Tries the token of --token-file for the first time; null without the flag. Throws CommandError where it cannot be read. */
export async function tryToken(context: Context): Promise<TriedToken | null> {
  const { options, io } = context;
  const file = options["token-file"];
  if (file === null) return null;
  const token = await readToken(file, io.cwd);
  const { connectByToken } = await import("../cluster/index.ts");
  const api = await connectByToken(connectOptions(context), token);
  try {
    return new TriedToken(api, await holderOf(api));
  } catch (error) {
    await api.close();
    throw error;
  }
}

/** For whom the server takes the token's holder; null where it refuses it. Throws CommandError where it does not say. */
async function holderOf(api: Explorer): Promise<string | null> {
  const answer = await accepts(api);
  if (answer === false) return null;
  if (answer === true) return (await api.whoami()) ?? "somebody";
  throw new CommandError(
    `whether the token is accepted cannot be told: ${answer.because}`,
    "Nothing was deleted by this run; try again, or leave --token-file out.",
  );
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
