import { CommandError } from "../cli/errors.ts";
import type { Api, ApiFailure } from "../model/api.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whatIsSeen } from "../scope/seen.ts";

const NAMESPACED = ["cronjobs", "jobs", "pods", "serviceaccounts", "roles", "rolebindings", "secrets"] as const;

/** True when the evidence holds no object of the namespace; its lists may be empty or missing. */
export function isBare(snapshot: Snapshot, namespace: string): boolean {
  return NAMESPACED.every((kind) => !snapshot[kind].some(({ meta }) => meta.namespace === namespace));
}

/**
 * Whether the namespace exists, null where nothing says so. The lists of one that does not are empty, not an error, so
 * a mistyped name would look like an all-clear.
 */
export async function namespaceExists(snapshot: Snapshot, namespace: string, api?: Api): Promise<boolean | null> {
  if (!isBare(snapshot, namespace)) return true;
  if (api !== undefined) return ask(api, namespace);
  if (snapshot.namespaces.some(({ meta }) => meta.name === namespace)) return true;
  // Captured with -n, or out of a dump, a file names few namespaces and means nothing by it.
  const whole = snapshot.source === "cluster" && snapshot.metadata.scope.namespaces === null;
  return whole && whatIsSeen(snapshot)("namespaces", null) === null ? false : null;
}

async function ask(api: Api, namespace: string): Promise<boolean | null> {
  try {
    await api.get(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
    return true;
  } catch (error) {
    const { name, status, message } = error as ApiFailure;
    if ((name as string) !== "ApiError") throw error;
    // A server or a gateway that does not know the path answers 404 as well.
    return status === 404 && message.includes(`namespaces "${namespace}" not found`) ? false : null;
  }
}

/** What is said of a namespace that does not exist, in the API server's own words where that was asked. */
export function noSuchNamespace(namespace: string, live: boolean): CommandError {
  return new CommandError(
    live
      ? `Error from server (NotFound): namespaces "${namespace}" not found`
      : `the cluster had no namespace "${namespace}" when the evidence was taken`,
    "Check its name, or leave out -n to look in the whole cluster.",
  );
}
