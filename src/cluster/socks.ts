import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { Agent, type buildConnector, type Dispatcher } from "undici";

/** The agent that the Kubernetes client makes for a SOCKS proxy; a plain socket comes back where none is to be secured. */
export interface SocksAgent {
  connect(request: EventEmitter, to: { host: string; port: number; secureEndpoint: false }): Promise<Socket>;
}

/** Kubernetes has the proxy resolve names for either scheme (Go's x/net/proxy); the JavaScript client only for socks5h. */
export function resolvedByProxy(proxy: string): string {
  return proxy.replace(/^socks5:/, "socks5h:");
}

/**
 * Connections through a SOCKS proxy; `secure` begins TLS on one that stands. The Kubernetes client makes a dispatcher for them as well, but that one forgets
 * tls-server-name.
 */
export function socksDispatcher(agent: SocksAgent, secure: buildConnector.connector): Dispatcher {
  return new Agent({
    connect: (options, callback) => {
      const port = Number(options.port || (options.protocol === "https:" ? 443 : 80));
      agent.connect(new EventEmitter(), { host: options.hostname, port, secureEndpoint: false }).then(
        (httpSocket) => {
          if (options.protocol === "https:") secure({ ...options, httpSocket }, callback);
          else callback(null, httpSocket);
        },
        () => callback(Object.assign(new Error("no connection through the proxy"), { code: "UND_ERR_PRX_CONN" }), null),
      );
    },
  });
}
