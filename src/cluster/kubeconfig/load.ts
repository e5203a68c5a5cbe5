import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { configurationError } from "../errors.ts";
import { parseKubeconfig } from "./parse.ts";
import type { Kubeconfig } from "./types.ts";

/** The files that kubectl would read, first one strongest: `--kubeconfig`, else KUBECONFIG as a list, else the home's. */
export function kubeconfigFiles(flag: string | null, env: Record<string, string | undefined>): string[] {
  if (flag !== null) return [flag];
  if (env["KUBECONFIG"]) return [...new Set(env["KUBECONFIG"].split(delimiter))].filter((file) => file !== "");
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home ? [join(home, ".kube", "config")] : [];
}

/** A sentence for each file that was looked for and is not there; kubectl passes over them in silence. */
export function missingFiles(flag: string | null, env: Record<string, string | undefined>): string[] {
  const named = flag === null && env["KUBECONFIG"] ? " (KUBECONFIG)" : "";
  return kubeconfigFiles(flag, env)
    .filter((file) => !existsSync(file))
    .map((file) => `${file}${named} does not exist.`);
}

/**
 * Reads and merges kubeconfigs by kubectl's rules (clientcmd/loader.go Load): missing files are passed over unless the
 * flag names them, any other file that cannot be read or understood is an error. Throws ApiError.
 */
export function loadKubeconfig(flag: string | null, env: Record<string, string | undefined>): Kubeconfig {
  const files = kubeconfigFiles(flag, env);
  const configs: Kubeconfig[] = [];
  for (const file of files) {
    const text = readText(file, flag !== null);
    if (text === null) continue;
    try {
      configs.push(parseKubeconfig(text, file));
    } catch (error) {
      const why = error instanceof Error ? error.message : "unreadable";
      throw configurationError(`error loading config file "${file}": ${why}`, "Correct the file, or name another one.");
    }
  }
  return mergeKubeconfigs(configs);
}

/** Null where the file is missing and may be. */
function readText(file: string, required: boolean): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    if (code !== "ENOENT") {
      const why = code === "EACCES" ? "permission denied" : code === "EISDIR" ? "is a directory" : code;
      throw configurationError(
        `error loading config file "${file}": open ${file}: ${why}`,
        "Make the file readable, or name another one with --kubeconfig or KUBECONFIG.",
      );
    }
    if (!required) return null;
    throw configurationError(
      `stat ${file}: no such file or directory`,
      "Check the path after --kubeconfig.",
      "NoKubeconfig",
    );
  }
}

/**
 * The first file that names a cluster, user or context wins with the whole of it: nothing of a later one of the same
 * name is used, not even fields that the first leaves out. The first `current-context` wins as well.
 */
export function mergeKubeconfigs(configs: Kubeconfig[]): Kubeconfig {
  const merged: Kubeconfig = { currentContext: "", clusters: new Map(), users: new Map(), contexts: new Map() };
  const sharedNames = namesShared(configs);
  if (sharedNames.size > 0) merged.sharedNames = sharedNames;
  for (const config of configs) {
    merged.currentContext ||= config.currentContext;
    addMissing(merged.clusters, config.clusters);
    addMissing(merged.users, config.users);
    addMissing(merged.contexts, config.contexts);
  }
  return merged;
}

function namesShared(configs: readonly Kubeconfig[]): Set<string> {
  const all = configs.flatMap(({ clusters }) => [...clusters].map(([name, { server }]) => ({ name, server })));
  const servers = Map.groupBy(all, ({ name }) => name);
  return new Set(
    [...servers].filter(([, of]) => of.some(({ server }) => server !== of[0]!.server)).map(([name]) => name),
  );
}

function addMissing<T>(target: Map<string, T>, source: Map<string, T>): void {
  for (const [name, value] of source) if (!target.has(name)) target.set(name, value);
}
