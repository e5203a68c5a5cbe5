import { shellQuote } from "../output/shell.ts";
import { posix, win32 } from "node:path";
import { FLAGS } from "./flags.ts";
import type { Options } from "./flags.ts";
import type { Io } from "./io.ts";

export { asCalled } from "../output/as-called.ts";

const OWN = "kubectl-cronaudit";

/**
 * How the user called the program, so that what is suggested can be pasted: `kubectl cronaudit` where kubectl started it,
 * `kubectl-cronaudit` where that was typed, a path where only a path leads to it, and what npm runs as `npx` runs it.
 * kubectl starts a plugin by the absolute path that it found (cmd/plugin.go, Execute), a shell by the word that was typed.
 * Of a script both arrive as the path; there the variable `_` tells, which bash and zsh set to what they start. Where
 * nothing tells, it counts as a plugin.
 */
export function programName({ env, startedAs, isExecutable = false }: StartedBy): string {
  const name = nameOf(startedAs);
  const isNpms = env["npm_command"] !== undefined || name !== OWN;
  if (!isExecutable && isNpms) return `npx ${OWN}`;
  const typed = isExecutable && !win32.isAbsolute(startedAs) ? startedAs : byTheShell(env, name);
  if (typed === null) return name === OWN ? "kubectl cronaudit" : shellQuote(startedAs);
  return isFound(typed, env) ? name : shellQuote(typed);
}

type StartedBy = Pick<Io, "env" | "startedAs" | "isExecutable">;

/** The path that the shell found for the word that was typed; null where it started something else, such as kubectl. */
function byTheShell(env: Io["env"], name: string): string | null {
  const { _: started } = env;
  return started !== undefined && nameOf(started) === name ? started : null;
}

/** A word without a path was found in PATH; so was a path into one of its folders, or the name is as good. */
function isFound(typed: string, env: Io["env"]): boolean {
  if (win32.basename(typed) === typed) return true;
  return (env["PATH"] ?? "").split(":").includes(posix.dirname(typed));
}

/** The last part of a Unix or Windows path, without what Windows adds to a program's name. */
function nameOf(path: string): string {
  return win32.basename(path).replace(/\.(exe|cmd)$/i, "");
}

const connection = [
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
 * The flags that lead kubectl, or this program, to the same cluster as the same user. A token is left out; whoever gave
 * it can give it again.
 */
export function connectionFlags(options: Options): string[] {
  const flags = connection.flatMap((name) => valueOf(name, options));
  for (const group of options["as-group"]) flags.push("--as-group", shellQuote(group));
  if (options["insecure-skip-tls-verify"]) flags.push("--insecure-skip-tls-verify");
  return flags;
}

function valueOf(name: (typeof connection)[number] | "fingerprint-key" | "rules", options: Options): string[] {
  const value = options[name];
  return value === null ? [] : [`--${name}`, shellQuote(value)];
}

/**
 * A command to paste: the arguments that a report suggests, and the flags that lead to the same evidence. A namespace
 * that was asked for stays: without it, who may only read there would be refused.
 */
export function pasteable(program: string, args: string, options: Options): string {
  const { namespace, filename } = options;
  // A hold acts on the cluster, with none of the flags that choose evidence.
  const acts = /^hold( |$)/.test(args);
  const narrowed = namespace !== null && !options["all-namespaces"] && !/(^| )-n /.test(args);
  const flags = [
    ...(narrowed ? ["-n", shellQuote(namespace)] : []),
    ...(filename === null || acts ? [] : ["-f", shellQuote(filename)]),
    ...(acts ? [] : valueOf("fingerprint-key", options)),
    ...(/^(exposure|snapshot|stale|replay)?( |$)/.test(args) ? valueOf("rules", options) : []),
    ...connectionFlags(options),
    ...(options["list-secrets"] && !acts ? ["--list-secrets"] : []),
    ...(options["compare-secrets"] && /^(exposure|snapshot)( |$)/.test(args) ? ["--compare-secrets"] : []),
    ...(options["scan-logs"] && /^(exposure|snapshot|replay)( |$)/.test(args) ? ["--scan-logs"] : []),
  ];
  for (const name of ["request-timeout", "chunk-size"] as const) {
    if (options[name] !== FLAGS[name].default) flags.push(`--${name}`, shellQuote(String(options[name])));
  }
  return [program, args, ...flags].filter((part) => part !== "").join(" ");
}
