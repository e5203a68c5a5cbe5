import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectOptions } from "../options.ts";
import type { Kubeconfig } from "./types.ts";

/** Where the kubelet puts a pod's ServiceAccount token, CA and namespace. */
export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The configuration of a program that runs in a pod, or null outside of one (rest/config.go InClusterConfig). The token
 * stays a path: the kubelet rotates the file.
 */
export function inClusterConfig(env: ConnectOptions["env"], folder = serviceAccountFolder): Kubeconfig | null {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const port = env["KUBERNETES_SERVICE_PORT"];
  const tokenFile = join(folder, "token");
  if (!host || !port || !existsSync(tokenFile)) return null;
  const authority = join(folder, "ca.crt");
  return {
    currentContext: "",
    clusters: new Map([
      [
        "",
        {
          server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
          ...(existsSync(authority) ? { "certificate-authority": authority } : {}),
        },
      ],
    ]),
    users: new Map([["", { tokenFile, "as-groups": [], "as-user-extra": {} }]]),
    contexts: new Map([["", { cluster: "", user: "", namespace: namespaceOf(env, folder) }]]),
  };
}

function namespaceOf(env: ConnectOptions["env"], folder: string): string {
  if (env["POD_NAMESPACE"]) return env["POD_NAMESPACE"];
  try {
    return readFileSync(join(folder, "namespace"), "utf8").trim() || "default";
  } catch {
    return "default";
  }
}
