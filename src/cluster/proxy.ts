import { BlockList, isIP } from "node:net";
import { configurationError } from "./errors.ts";

const SCHEMES = ["http:", "https:", "socks5:", "socks5h:"];

/**
 * The proxy for this server: the kubeconfig's `proxy-url`, else HTTPS_PROXY (HTTP_PROXY for plain http) unless NO_PROXY
 * or a loopback address excludes the server, by the rules of Go's x/net/http/httpproxy. Null: none. May hold a password.
 */
export function chooseProxy(
  server: string,
  proxyUrl: string | undefined,
  env: Record<string, string | undefined>,
): string | null {
  if (proxyUrl !== undefined) return parseProxy(proxyUrl, "the kubeconfig's proxy-url");
  const target = new URL(server);
  const name = target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = env[name] ?? env[name.toLowerCase()];
  if (!value || bypasses(target, env["NO_PROXY"] ?? env["no_proxy"] ?? "")) return null;
  return parseProxy(value.includes("://") ? value : `http://${value}`, name);
}

function parseProxy(value: string, origin: string): string {
  const url = URL.parse(value);
  if (url === null || !SCHEMES.includes(url.protocol) || url.hostname === "") {
    throw configurationError(
      `invalid proxy in ${origin}`,
      `Give it as ${SCHEMES.map((each) => `${each}//`).join(", ")} URL.`,
    );
  }
  return url.href;
}

/** Whether NO_PROXY, a list of `*`, addresses, CIDRs, domains and `.domains`, each with an optional port, names the server. */
function bypasses(target: URL, noProxy: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  if (host === "localhost" || isLoopback(host)) return true;
  return noProxy.split(",").some((part) => matches(part.trim().toLowerCase(), host, port));
}

function isLoopback(host: string): boolean {
  return (isIP(host) === 4 && host.startsWith("127.")) || host === "::1";
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule === "") return false;
  if (rule === "*") return true;
  if (rule.includes("/")) return inRange(rule, host);
  const [name, rulePort] = splitPort(rule);
  if (rulePort !== null && rulePort !== port) return false;
  if (isIP(name) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, "");
  // `.example.com` is for names below it alone, `example.com` for itself as well.
  return host.endsWith(`.${domain}`) || (domain === name && host === domain);
}

function splitPort(rule: string): [string, string | null] {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(rule);
  if (bracketed !== null) return [bracketed[1] ?? "", bracketed[2] ?? null];
  const colon = rule.lastIndexOf(":");
  if (colon < 0 || isIP(rule) === 6) return [rule, null];
  return [rule.slice(0, colon), rule.slice(colon + 1)];
}

function inRange(rule: string, host: string): boolean {
  const [network = "", prefix = ""] = rule.split("/");
  const family = isIP(network);
  const length = Number(prefix);
  if (
    family === 0 ||
    isIP(host) !== family ||
    !Number.isInteger(length) ||
    length < 0 ||
    length > (family === 4 ? 32 : 128)
  ) {
    return false;
  }
  const type = family === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, length, type);
  return range.check(host, type);
}
