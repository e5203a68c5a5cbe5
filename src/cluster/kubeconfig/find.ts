import { readFileSync } from "node:fs";
import { configurationError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import { chooseTarget } from "./choose.ts";
import { inClusterConfig } from "./in-cluster.ts";
import { loadKubeconfig } from "./load.ts";
import { serverUrl } from "./server.ts";
import type { Target } from "./types.ts";
import { validateTarget } from "./validate.ts";

/** The kubeconfig's target, or the pod's own cluster where there is no kubeconfig, with every flag applied. Throws ApiError. */
export function findTarget(options: ConnectOptions): Target {
  const kubeconfig = loadKubeconfig(options.kubeconfig, options.env);
  const empty = kubeconfig.clusters.size + kubeconfig.users.size + kubeconfig.contexts.size === 0;
  const inCluster =
    empty && options.kubeconfig === null && options.context === null ? inClusterConfig(options.env) : null;
  const target = chooseTarget(inCluster ?? kubeconfig, options);
  validateTarget(target, options);
  const { user } = target;
  const certified = user["client-certificate"] !== undefined || user["client-certificate-data"] !== undefined;
  return { ...target, cluster: { ...target.cluster, server: serverUrl(target.cluster, certified) } };
}

/**
 * The same options with the target as it is now, its certificate authority read: connections that are opened by them later lead to
 * the same server, whatever is written to the kubeconfig meanwhile. Throws ApiError.
 */
export function resolveTarget(options: ConnectOptions): ConnectOptions {
  const target = findTarget(options);
  const { "certificate-authority": file, ...cluster } = target.cluster;
  if (file === undefined) return { ...options, target };
  const data = readAuthority(file).toString("base64");
  return { ...options, target: { ...target, cluster: { ...cluster, "certificate-authority-data": data } } };
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw configurationError(`unable to read certificate-authority ${file}: ${why}`, "Correct the kubeconfig entry.");
  }
}
