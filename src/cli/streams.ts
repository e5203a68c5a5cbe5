import { getSystemErrorMessage } from "node:util";
import type { Sink } from "../output/format.ts";
import { ClosedPipe, CommandError } from "./errors.ts";
import type { OutputStream } from "./io.ts";

/** Wraps standard output; a write throws what `writeError` makes of its failure. */
export function openSink(stream: OutputStream): Sink {
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error == null) resolve();
          else reject(writeError(error));
        });
      }),
  };
}

/** What a failed write to standard output means: the reader has gone away, as `| head` does, or the text has no room. */
export function writeError(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") return new ClosedPipe();
  const reason = systemReason(error);
  if (reason === null) return error;
  return new CommandError(
    `cannot write standard output: ${reason}`,
    "Write to another place; what is there now is incomplete.",
  );
}

/** The operating system's words for an error that it gave, `no space left on device`; null for any other error. */
export function systemReason(error: unknown): string | null {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== "string" || typeof errno !== "number") return null;
  return getSystemErrorMessage(errno) ?? code;
}
