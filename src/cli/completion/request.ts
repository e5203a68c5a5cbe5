import { win32 } from "node:path";
import type { Io } from "../io.ts";

/** What a shell, or kubectl for one, wants to know: the words after the program's name, the last being completed. */
export interface Request {
  words: readonly string[];
  /** True where the script that asks quotes what it inserts. */
  quoting: boolean;
}

/**
 * The request to complete that a command line is, or null. kubectl starts `kubectl_complete-NAME` with the words alone
 * (cmd/plugin_completion.go); everybody else says so by the first word.
 */
export function completionRequest(argv: readonly string[], { startedAs }: Pick<Io, "startedAs">): Request | null {
  if (win32.basename(startedAs).startsWith("kubectl_complete-")) return { words: argv, quoting: false };
  const [first, ...words] = argv;
  if (first === "__complete") return { words, quoting: false };
  return first === "__complete-quoting" ? { words, quoting: true } : null;
}
