import { statSync } from "node:fs";
import type { Candidate } from "../cli/completion/candidate.ts";
import type { Io } from "../cli/io.ts";
import { kubeconfigFiles, loadKubeconfig } from "../cluster/kubeconfig/load.ts";

/** What the kubeconfig names, the current context first. Throws ApiError where it cannot be read. */
export function kubeconfigNames(
  kind: "context" | "cluster" | "user",
  flag: string | null,
  env: Io["env"],
): Candidate[] {
  if (!canBeRead(flag, env)) return [];
  const { contexts, clusters, users, currentContext } = loadKubeconfig(flag, env);
  if (kind === "user") return [...users.keys()].map((word) => ({ word, description: "" }));
  if (kind === "cluster") return [...clusters].map(([word, { server = "" }]) => ({ word, description: server }));
  const found = [...contexts].map(([word, { cluster = "", namespace }]) => {
    const place = namespace === undefined ? `cluster ${cluster}` : `cluster ${cluster}, namespace ${namespace}`;
    return { word, description: word === currentContext ? `${place}, the current one` : place };
  });
  return found.sort((a, b) => Number(b.word === currentContext) - Number(a.word === currentContext));
}

/** False where a kubeconfig is a pipe or a terminal: its read could wait for ever, and take what somebody types. */
export function canBeRead(flag: string | null, env: Io["env"]): boolean {
  return kubeconfigFiles(flag, env).every((file) => statSync(file, { throwIfNoEntry: false })?.isFile() !== false);
}
