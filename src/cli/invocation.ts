import { basename } from "node:path";
import type { Options } from "./flags.ts";
import type { Io } from "./io.ts";

/**
 * How the user called the program, so that what is suggested can be pasted: kubectl starts a plugin by the name of
 * its link, npm marks what it runs.
 */
export function programName(io: Pick<Io, "env" | "startedAs">): string {
  const name = basename(io.startedAs).replace(/\.(exe|cmd)$/i, "");
  if (io.env["npm_command"] !== undefined || name !== "kubectl-cronaudit") return "npx kubectl-cronaudit";
  return "kubectl cronaudit";
}

/** One word for a POSIX shell, quoted only where it must be. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const kept = [
  "filename",
  "kubeconfig",
  "context",
  "cluster",
  "user",
  "server",
  "as",
  "as-uid",
  "certificate-authority",
  "tls-server-name",
] as const;

/**
 * A command to paste: the arguments that a report suggests, and the flags that lead to the same evidence.
 * A token is left out; whoever gave it can give it again.
 */
export function pasteable(program: string, args: string, options: Options): string {
  const flags = kept.flatMap((name) => {
    const value = options[name];
    if (value === null) return [];
    return [name === "filename" ? "-f" : `--${name}`, shellQuote(value)];
  });
  for (const group of options["as-group"]) flags.push("--as-group", shellQuote(group));
  if (options["insecure-skip-tls-verify"]) flags.push("--insecure-skip-tls-verify");
  return [program, args, ...flags].filter((part) => part !== "").join(" ");
}
