import { configurationError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import { missingFiles } from "./load.ts";
import type { Cluster, Context, Kubeconfig, Target, User } from "./types.ts";

/**
 * Picks the context, its cluster and its user, and lays the flags over them as kubectl does
 * (clientcmd/client_config.go getContext, getCluster, getAuthInfo). Throws ApiError for a name that does not exist.
 */
export function chooseTarget(config: Kubeconfig, options: ConnectOptions): Target {
  const contextName = options.context ?? config.currentContext;
  const context = chooseContext(config, options, contextName);
  const clusterName = options.cluster ?? context.cluster ?? "";
  const userName = options.user ?? context.user ?? "";

  const cluster = overrideCluster(find(config.clusters, clusterName, "cluster", options.cluster !== null), options);
  if (cluster.server === undefined) throw noServer(config, options, { contextName, clusterName });
  const user = overrideUser(find(config.users, userName, "auth info", options.user !== null), options);
  return {
    context: contextName === "" ? null : contextName,
    namespace: options.namespace ?? context.namespace ?? "default",
    clusterName,
    knownAs: options.server !== null || isAmbiguous(config, options, clusterName) ? "" : clusterName,
    cluster: { ...cluster, server: cluster.server },
    userName,
    user,
  };
}

function isAmbiguous({ sharedNames }: Kubeconfig, { cluster }: ConnectOptions, name: string): boolean {
  return cluster !== null || sharedNames?.has(name) === true;
}

function chooseContext(config: Kubeconfig, options: ConnectOptions, name: string): Context {
  const context = config.contexts.get(name);
  if (context !== undefined) return context;
  if (options.context !== null) {
    const next = [knownNames("Contexts", config.contexts), ...missingFiles(options.kubeconfig, options.env)].join(" ");
    throw configurationError(`context "${name}" does not exist`, next);
  }
  if (name !== "") {
    throw configurationError(
      `context was not found for specified context: ${name}`,
      `It is the current-context of the kubeconfig. ${knownNames("Contexts", config.contexts)}`,
    );
  }
  return {};
}

function find<T>(all: Map<string, T>, name: string, what: string, required: boolean): T | undefined {
  const found = all.get(name);
  if (found === undefined && required) {
    throw configurationError(`${what} "${name}" does not exist`, knownNames("The kubeconfig has", all));
  }
  return found;
}

function noServer(
  config: Kubeconfig,
  options: ConnectOptions,
  { contextName, clusterName }: { contextName: string; clusterName: string },
) {
  if (config.clusters.size === 0 && config.contexts.size === 0 && config.users.size === 0) {
    return configurationError(
      "no configuration has been provided",
      [
        ...missingFiles(options.kubeconfig, options.env),
        "Point KUBECONFIG or --kubeconfig at a kubeconfig, or read a snapshot with -f.",
      ].join(" "),
      "NoKubeconfig",
    );
  }
  if (contextName === "" && clusterName === "") {
    return configurationError(
      "current-context is not set",
      `Choose with --context. ${knownNames("Contexts", config.contexts)}`,
    );
  }
  return configurationError(
    `invalid configuration: no server found for cluster "${clusterName}"`,
    "Add the cluster to the kubeconfig, or name a server with --server.",
  );
}

function knownNames(what: string, all: Map<string, unknown>): string {
  const names = [...all.keys()].sort();
  if (names.length === 0) return `${what}: none.`;
  const shown = names.slice(0, 10).join(", ");
  return `${what}: ${shown}${names.length > 10 ? `, and ${names.length - 10} more` : ""}.`;
}

/**
 * `--insecure-skip-tls-verify` and `--certificate-authority` each displace everything the file says about trust, and
 * `--server` displaces the file's tls-server-name, which belonged to the other server.
 */
function overrideCluster(file: Cluster | undefined, options: ConnectOptions): Cluster {
  const cluster: Cluster = { ...file };
  if (options.insecureSkipTlsVerify || options.certificateAuthority !== null) {
    delete cluster["certificate-authority-data"];
    delete cluster["certificate-authority"];
    cluster["insecure-skip-tls-verify"] = options.insecureSkipTlsVerify;
    if (options.certificateAuthority !== null) cluster["certificate-authority"] = options.certificateAuthority;
  }
  if (options.server !== null || options.tlsServerName !== null) delete cluster["tls-server-name"];
  if (options.tlsServerName !== null) cluster["tls-server-name"] = options.tlsServerName;
  if (options.server !== null) cluster.server = options.server;
  return cluster;
}

/** `--token` displaces every other way the file has to say who we are, except a client certificate. */
function overrideUser(file: User | undefined, options: ConnectOptions): User {
  const user: User = { "as-groups": [], "as-user-extra": {}, ...file };
  if (options.token !== null) {
    for (const key of ["tokenFile", "username", "password", "exec", "auth-provider"] as const) {
      Reflect.deleteProperty(user, key);
    }
    user.token = options.token;
  }
  if (options.as !== null) user.as = options.as;
  if (options.asUid !== null) user["as-uid"] = options.asUid;
  if (options.asGroup.length > 0) user["as-groups"] = options.asGroup;
  return user;
}
