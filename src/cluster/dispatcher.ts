import { createSecureContext, getCACertificates } from "node:tls";
import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import type { ClientCertificate } from "./auth/authenticator.ts";
import { configurationError } from "./errors.ts";
import type { Target } from "./kubeconfig/types.ts";
import { resolvedByProxy, type SocksAgent, socksDispatcher } from "./socks.ts";
import { noticingAlerts } from "./tls-alert.ts";

/** Milliseconds for TCP and TLS together, as client-go's dialer has it. */
const CONNECT_MS = 30_000;

interface Tls {
  ca?: string | Buffer | string[];
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
}

interface Open {
  certificate: ClientCertificate | null;
  dispatcher: Promise<Dispatcher>;
}

/** Opens connections to one server and keeps them for the next request; a new client certificate starts afresh. */
export class Connections {
  readonly #target: Target;
  readonly #proxy: string | null;
  #open: Open | null = null;

  constructor(target: Target, proxy: string | null) {
    this.#target = target;
    this.#proxy = proxy;
  }

  /** The PEM of the client certificate in use, never its key; null before the first request and without one. */
  clientCertificate: string | null = null;

  #alert: Error | null = null;

  /** The TLS alert that the last broken connection ended with, once. */
  takeAlert(): Error | null {
    const alert = this.#alert;
    this.#alert = null;
    return alert;
  }

  /** `certificate` takes the place of the kubeconfig's. Throws ApiError where one cannot be used. */
  dispatcher(certificate: ClientCertificate | null): Promise<Dispatcher> {
    if (this.#open !== null && sameCertificate(this.#open.certificate, certificate)) return this.#open.dispatcher;
    // Requests under way with the old certificate may end.
    this.#open?.dispatcher.then((old) => old.close()).catch(() => undefined);
    this.#open = { certificate, dispatcher: this.#make(certificate) };
    return this.#open.dispatcher;
  }

  async #make(certificate: ClientCertificate | null): Promise<Dispatcher> {
    const config = await kubeConfig(this.#target, certificate, this.#proxy);
    const tls: Tls & { agent?: unknown } = {};
    await config.applyToHTTPSOptions(tls);
    checkPems(tls);
    this.clientCertificate = tls.cert?.toString() ?? null;
    const rejectUnauthorized = this.#target.cluster["insecure-skip-tls-verify"] !== true;
    // Go trusts what the machine trusts where no authority is named; Node by itself only what it was built with.
    if (tls.ca === undefined && rejectUnauthorized) tls.ca = machineAuthorities();
    return openDispatcher({ ...named(tls), rejectUnauthorized }, this.#proxy, tls.agent, (alert) => {
      this.#alert = alert;
    });
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await (await open?.dispatcher.catch(() => undefined))?.destroy();
  }
}

function machineAuthorities(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}

function sameCertificate(one: ClientCertificate | null, other: ClientCertificate | null): boolean {
  return one?.certificate === other?.certificate && one?.key === other?.key;
}

/** The Kubernetes client reads the certificates, from files or in place; whoever we are is told by headers, not by it. */
async function kubeConfig(
  { cluster, user }: Target,
  certificate: ClientCertificate | null,
  proxy: string | null,
): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  config.loadFromClusterAndUser(
    {
      name: "cluster",
      server: cluster.server,
      // The library refuses plain http without this; there is nothing to verify on it.
      skipTLSVerify: cluster["insecure-skip-tls-verify"] === true || cluster.server.startsWith("http:"),
      ...present("caFile", cluster["certificate-authority"]),
      ...present("caData", cluster["certificate-authority-data"]),
      ...present("tlsServerName", cluster["tls-server-name"]),
      ...present("proxyUrl", proxy === null ? undefined : resolvedByProxy(proxy)),
    },
    certificate === null
      ? {
          name: "user",
          ...present("certFile", user["client-certificate"]),
          ...present("certData", user["client-certificate-data"]),
          ...present("keyFile", user["client-key"]),
          ...present("keyData", user["client-key-data"]),
        }
      : { name: "user", certData: base64(certificate.certificate), keyData: base64(certificate.key) },
  );
  return config;
}

/** PEM that does not parse would otherwise first be noticed in the middle of a handshake. */
function checkPems({ ca, cert, key }: Tls): void {
  const attempt = (what: string, make: () => unknown): void => {
    try {
      make();
    } catch {
      throw configurationError(`tls: ${what} is no usable PEM`, "Renew the kubeconfig entry that holds it.");
    }
  };
  if (ca !== undefined) attempt("the certificate authority", () => createSecureContext({ ca }));
  if (cert !== undefined) {
    attempt("the client certificate or its key", () => createSecureContext({ cert, ...present("key", key) }));
  }
}

function named({ ca, cert, key, servername }: Tls): Tls {
  return {
    ...present("ca", ca),
    ...present("cert", cert),
    ...present("key", key),
    ...present("servername", servername),
  };
}

/** HTTP/1.1 everywhere: over HTTP/2 a stream that broke and a connection that broke look alike. */
function openDispatcher(
  tls: Tls & { rejectUnauthorized: boolean },
  proxy: string | null,
  agent: unknown,
  onAlert: (alert: Error) => void,
): Dispatcher {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000, timeout: CONNECT_MS };
  if (proxy === null)
    return new Agent({ connect: noticingAlerts(buildConnector({ ...tls, ...keepAlive, allowH2: false }), onAlert) });
  if (proxy.startsWith("socks")) {
    return socksDispatcher(
      agent as SocksAgent,
      noticingAlerts(buildConnector({ ...tls, timeout: CONNECT_MS, allowH2: false }), onAlert),
    );
  }
  return new ProxyAgent({ uri: proxy, allowH2: false, requestTls: tls, connect: keepAlive });
}

function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
