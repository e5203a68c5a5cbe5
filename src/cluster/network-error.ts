import { ApiError } from "./errors.ts";

/** What is known about the request that failed. */
export interface Circumstances {
  /** `host:port` of the server. */
  host: string;
  /** Whether this connection has had an answer before. */
  answered: boolean;
  /** Whether the answer had begun. */
  inBody: boolean;
  /** Host and port of the proxy, without its user; null without one. */
  proxy: string | null;
}

const EXPIRED = "x509: certificate has expired or is not yet valid";
const UNKNOWN_CA = "x509: certificate signed by unknown authority";
const RENEW_SERVER = "It is the server's certificate: check this machine's clock, then have the server's renewed.";
const CHECK_CA =
  "Check certificate-authority(-data) of the kubeconfig's cluster: it is not the one that signed the server's certificate.";

const RENEW_CLIENT = "It is the client certificate: renew the one in the kubeconfig's user.";
const OTHER_CLIENT =
  "The server wants a client certificate and did not accept the one of the kubeconfig's user, if there is one: renew it, or choose another user.";
const HANDSHAKE = "The server broke off the handshake: it may want a client certificate, or another version of TLS.";

/** OpenSSL's verdict on the server's certificate, in Go's words. */
const SERVER_CERTIFICATE: Record<string, [message: string, next: string]> = {
  CERT_HAS_EXPIRED: [EXPIRED, RENEW_SERVER],
  CERT_NOT_YET_VALID: [EXPIRED, RENEW_SERVER],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [UNKNOWN_CA, CHECK_CA],
  UNABLE_TO_GET_ISSUER_CERT: [UNKNOWN_CA, CHECK_CA],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [UNKNOWN_CA, CHECK_CA],
  SELF_SIGNED_CERT_IN_CHAIN: [UNKNOWN_CA, CHECK_CA],
  DEPTH_ZERO_SELF_SIGNED_CERT: [UNKNOWN_CA, CHECK_CA],
  CERT_SIGNATURE_FAILURE: [UNKNOWN_CA, CHECK_CA],
  CERT_UNTRUSTED: [UNKNOWN_CA, CHECK_CA],
  INVALID_CA: [UNKNOWN_CA, CHECK_CA],
};

interface Plain {
  code: string;
  hostname: string | null;
  reason: string | null;
  /** The name that the certificate was checked against. */
  host: string | null;
  cert: { subjectaltname?: string } | null;
}

const BROKEN = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  // A compressed answer that ends too soon, or was damaged.
  "Z_BUF_ERROR",
  "Z_DATA_ERROR",
]);

/** True for a connection that broke after it stood: the same request may well succeed on a new one. */
export function isReset(error: unknown): boolean {
  return BROKEN.has(plain(error).code);
}

/** The error for a request that got no answer, or not the whole of one; worded as kubectl words it. */
export function networkError(error: unknown, about: Circumstances): ApiError {
  if (error instanceof ApiError) return error;
  const { code, hostname, reason, host, cert } = plain(error);
  const certificate = SERVER_CERTIFICATE[code];
  if (certificate !== undefined)
    return unable(`tls: failed to verify certificate: ${certificate[0]}`, certificate[1], "Certificate");
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = (cert?.subjectaltname ?? "no name").replaceAll(/(DNS|IP Address):/g, "");
    return unable(
      `tls: failed to verify certificate: x509: certificate is valid for ${names}, not ${host ?? about.host}`,
      "Use a server name that the certificate has, or give one with --tls-server-name.",
      "Certificate",
    );
  }
  if (code.startsWith("ERR_SSL_")) return tlsError(code, about);
  switch (code) {
    case "ECONNREFUSED":
      return new ApiError({
        message: `The connection to the server ${about.host} was refused - did you specify the right host or port?`,
        next:
          about.proxy === null
            ? "Check that the API server runs and listens there; kubectl config view --minify shows the address."
            : viaProxy(about.proxy),
        reason: "ConnectionRefused",
        fatal: true,
      });
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return unable(
        `dial tcp: lookup ${hostname ?? about.host}: no such host`,
        about.proxy === null
          ? "Check the server's name in the kubeconfig, and this machine's DNS and VPN."
          : viaProxy(about.proxy),
        "NoSuchHost",
      );
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return unable(
        `dial tcp ${about.host}: connect: no route to host`,
        "Check this machine's network and VPN.",
        "NoRoute",
      );
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return unable(
        `dial tcp ${about.host}: i/o timeout`,
        "Check this machine's network, VPN and firewall.",
        "Timeout",
      );
    case "UND_ERR_PRX_CONN":
    case "UND_ERR_PRX_TLS":
      return unable("proxyconnect tcp: the proxy did not open a tunnel", viaProxy(about.proxy ?? "unknown"), "Proxy");
    default:
      return broken(code, reason, about);
  }
}

function broken(code: string, reason: string | null, about: Circumstances): ApiError {
  const where = about.inBody ? "in the middle of an answer" : "before it answered";
  return new ApiError({
    message: isReset({ code })
      ? `Unable to connect to the server: the connection to ${about.host} was closed ${where}`
      : `Unable to connect to the server: ${about.host}: ${reason ?? code}`,
    next:
      about.proxy === null
        ? "Try again; if it goes on, ask for smaller pages with --chunk-size."
        : viaProxy(about.proxy),
    reason: isReset({ code }) ? "ConnectionClosed" : code,
    fatal: !about.answered,
  });
}

function tlsError(code: string, about: Circumstances): ApiError {
  if (code.includes("_ALERT_")) {
    const alert = code.replace(/^ERR_SSL_.*ALERT_/, "");
    const next =
      alert === "CERTIFICATE_EXPIRED" ? RENEW_CLIENT : /CERT|CA$|ACCESS/.test(alert) ? OTHER_CLIENT : HANDSHAKE;
    return unable(`remote error: tls: ${alert.toLowerCase().replaceAll("_", " ")}`, next, "Certificate");
  }
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return unable(
      "http: server gave HTTP response to HTTPS client",
      `${about.host} does not speak TLS: check the port, or write http:// if that is meant.`,
      "Certificate",
    );
  }
  return unable(
    `tls: ${code.replace("ERR_SSL_", "").toLowerCase().replaceAll("_", " ")}`,
    "Check the server's TLS settings.",
    "Certificate",
  );
}

function unable(message: string, next: string, reason: string): ApiError {
  return new ApiError({ message: `Unable to connect to the server: ${message}`, next, reason, fatal: true });
}

function viaProxy(proxy: string): string {
  return `Requests go through the proxy ${proxy}: check it, and proxy-url, HTTPS_PROXY and NO_PROXY.`;
}

/** Finds the code that says why, which libraries wrap and gather. Messages are not used: they may quote a header. */
function plain(error: unknown): Plain {
  const seen = new Set<unknown>();
  let found: Plain = { code: "unknown error", hostname: null, reason: null, host: null, cert: null };
  for (let at: unknown = error; typeof at === "object" && at !== null && !seen.has(at);) {
    seen.add(at);
    const fields = at as {
      code?: unknown;
      hostname?: string;
      host?: string;
      cert?: object;
      cause?: unknown;
      errors?: unknown[];
      syscall?: string;
    };
    if (typeof fields.code === "string") {
      found = {
        code: fields.code,
        hostname: fields.hostname ?? null,
        reason: fields.syscall === undefined ? null : `${fields.syscall}: ${fields.code}`,
        host: fields.host ?? null,
        cert: fields.cert ?? null,
      };
    }
    at = fields.cause ?? fields.errors?.[0];
  }
  return found;
}
