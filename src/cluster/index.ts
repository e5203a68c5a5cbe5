import type { Explorer, Writer } from "../model/api.ts";
import { chooseAuthenticator } from "./auth/choose.ts";
import { Connection } from "./connection.ts";
import { Connections } from "./dispatcher.ts";
import { impersonationHeaders } from "./impersonation.ts";
import { chooseTarget } from "./kubeconfig/choose.ts";
import { inClusterConfig } from "./kubeconfig/in-cluster.ts";
import { loadKubeconfig } from "./kubeconfig/load.ts";
import { serverUrl } from "./kubeconfig/server.ts";
import type { Target, User } from "./kubeconfig/types.ts";
import { validateTarget } from "./kubeconfig/validate.ts";
import { type ConnectOptions, defaultLimits, type Limits } from "./options.ts";
import { chooseProxy } from "./proxy.ts";
import { RequestLog } from "./request-log.ts";
import { Transport } from "./transport.ts";
import { WriterConnection } from "./writer.ts";

export { ApiError } from "./errors.ts";
export type { ConnectOptions, Limits } from "./options.ts";

/**
 * Finds the cluster and the credentials as kubectl would, and gives the connection to it. Nothing is sent before the
 * first request. Throws ApiError where the configuration cannot be used.
 */
export async function connect(options: ConnectOptions, limits: Limits = defaultLimits): Promise<Explorer> {
  return new Connection(...partsOf(options, limits));
}

/** The same for verbs that change something. */
export async function connectWriter(options: ConnectOptions, limits: Limits = defaultLimits): Promise<Writer> {
  return new WriterConnection(...partsOf(options, limits));
}

/** The same server, as whoever holds this token, with nothing of the kubeconfig's user. */
export async function connectByToken(
  options: ConnectOptions,
  token: string,
  limits: Limits = defaultLimits,
): Promise<Explorer> {
  const user = { token, "as-groups": [], "as-user-extra": {} };
  return new Connection(...partsOf(options, limits, user));
}

function partsOf(options: ConnectOptions, limits: Limits, user?: User): ConstructorParameters<typeof Connection> {
  const found = findTarget(options);
  const target = user === undefined ? found : { ...found, user };
  const proxy = chooseProxy(target.cluster.server, target.cluster["proxy-url"], options.env);
  const authenticator = chooseAuthenticator(target, proxy, options);
  const connections = new Connections(target, proxy);
  const transport = new Transport({
    server: target.cluster.server,
    connections,
    authenticator,
    headers: ["User-Agent", "kubectl-cronaudit", ...impersonationHeaders(target.user)],
    proxy,
    compress: target.cluster["disable-compression"] !== true,
    requestTimeoutMs: options.requestTimeoutMs,
    limits,
    log: new RequestLog(options.verbosity, options.log),
    signal: options.signal,
  });
  return [target, transport, connections, options.chunkSize, limits];
}

/** The kubeconfig's target, or the pod's own cluster where there is no kubeconfig, with every flag applied. */
function findTarget(options: ConnectOptions): Target {
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
