import type { ActorApi, Explorer, Writer } from "../model/api.ts";
import { ActorConnection } from "./actor.ts";
import { chooseAuthenticator } from "./auth/choose.ts";
import { Connection } from "./connection.ts";
import { Connections } from "./dispatcher.ts";
import { impersonationHeaders } from "./impersonation.ts";
import { findTarget } from "./kubeconfig/find.ts";
import type { User } from "./kubeconfig/types.ts";
import { type ConnectOptions, defaultLimits, type Limits } from "./options.ts";
import { chooseProxy } from "./proxy.ts";
import { RequestLog } from "./request-log.ts";
import { Transport } from "./transport.ts";
import { WriterConnection } from "./writer.ts";

export { ApiError } from "./errors.ts";
export { resolveTarget } from "./kubeconfig/find.ts";
export type { ConnectOptions, Limits } from "./options.ts";

/** Loads what the first request would have to wait for, so that a deadline can begin after it. */
export async function loadClient(): Promise<void> {
  await import("@kubernetes/client-node");
}

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

/** The same for somebody who acts in the lab: every status is an answer, and every request says whose it is. */
export async function connectActor(
  options: ConnectOptions,
  token: string,
  limits: Limits = defaultLimits,
): Promise<ActorApi> {
  const user = { token, "as-groups": [], "as-user-extra": {} };
  const [, transport, connections] = partsOf(options, limits, user);
  return new ActorConnection(transport, connections);
}

function partsOf(options: ConnectOptions, limits: Limits, user?: User): ConstructorParameters<typeof Connection> {
  const found = options.target ?? findTarget(options);
  const target = user === undefined ? found : { ...found, user };
  const proxy = chooseProxy(target.cluster.server, target.cluster["proxy-url"], options.env);
  const authenticator = chooseAuthenticator(target, proxy, options);
  const connections = new Connections(target, proxy);
  const transport = new Transport({
    server: target.cluster.server,
    connections,
    authenticator,
    headers: ["User-Agent", options.userAgent ?? "kubectl-cronaudit", ...impersonationHeaders(target.user)],
    auditId: options.auditId,
    proxy,
    compress: target.cluster["disable-compression"] !== true,
    requestTimeoutMs: options.requestTimeoutMs,
    limits,
    log: new RequestLog(options.verbosity, options.log),
    signal: options.signal,
  });
  return [target, transport, connections, options.chunkSize, limits];
}
