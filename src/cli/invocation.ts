import { shellQuote } from "../output/shell.ts";
import { basename } from "node:path";
import { FLAGS } from "./flags.ts";
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
