import { configurationError } from "../errors.ts";
import type { Cluster } from "./types.ts";

/**
 * The server's URL as requests are built on it: with a scheme (http unless the entry speaks of certificates,
 * rest/url_utils.go), without user information, query and closing slash, with the path that a gateway may want.
 */
export function serverUrl(cluster: Cluster & { server: string }, hasClientCertificate: boolean): string {
  const trust = cluster["certificate-authority"] ?? cluster["certificate-authority-data"];
  const secure = trust !== undefined || cluster["insecure-skip-tls-verify"] === true || hasClientCertificate;
  const withScheme = cluster.server.includes("://")
    ? cluster.server
    : `${secure ? "https" : "http"}://${cluster.server}`;
  const url = URL.parse(withScheme);
  if (url === null || !["https:", "http:"].includes(url.protocol) || url.hostname === "") {
    throw configurationError(
      `host must be a URL or a host:port pair: "${withoutUser(cluster.server)}"`,
      "Correct the server of the kubeconfig's cluster, or the one after --server.",
    );
  }
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "")}`;
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^@/]*@/, "//");
}
