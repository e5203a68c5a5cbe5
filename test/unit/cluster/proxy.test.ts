import { describe, expect, test } from "vitest";
import { chooseProxy } from "../../../src/cluster/proxy.ts";

const PROXY = "http://proxy.test:3128/";
const env = { HTTPS_PROXY: PROXY };

describe("which proxy", () => {
  test.each([
    ["https://h", undefined, {}, null],
    ["https://h", undefined, { HTTPS_PROXY: PROXY }, PROXY],
    ["https://h", undefined, { https_proxy: PROXY }, PROXY],
    ["https://h", undefined, { HTTPS_PROXY: "proxy.test:3128" }, PROXY],
    ["https://h", undefined, { HTTP_PROXY: PROXY }, null],
    ["http://h", undefined, { HTTP_PROXY: PROXY }, PROXY],
    ["https://h", "socks5://s:1080", env, "socks5://s:1080"],
    ["https://127.0.0.1", "http://p/", { NO_PROXY: "*" }, "http://p/"],
  ])("%s, proxy-url %s, %j: %s", (server, proxyUrl, environment, expected) => {
    expect(chooseProxy(server, proxyUrl, environment)).toBe(expected);
  });

  test.each(["https://127.0.0.1:6443", "https://127.9.9.9", "https://[::1]:6443", "https://localhost:6443"])(
    "%s is never reached through the environment's proxy",
    (server) => {
      expect(chooseProxy(server, undefined, env)).toBe(null);
    },
  );

  test("an unusable proxy is refused without showing it", () => {
    for (const value of ["ftp://u:canary@p", "://canary", "http://"]) {
      expect(() => chooseProxy("https://h", value, {})).toThrow("error: invalid proxy in the kubeconfig's proxy-url");
    }
  });
});

/** The cases of Go's x/net/http/httpproxy documentation. */
describe("NO_PROXY", () => {
  test.each([
    ["*", "https://any.test", true],
    ["", "https://any.test", false],
    ["example.com", "https://example.com", true],
    ["example.com", "https://api.example.com:6443", true],
    ["example.com", "https://notexample.com", false],
    [".example.com", "https://api.example.com", true],
    [".example.com", "https://example.com", false],
    ["*.example.com", "https://api.example.com", true],
    ["EXAMPLE.com", "https://example.COM", true],
    ["example.com:6443", "https://example.com:6443", true],
    ["example.com:6443", "https://example.com", false],
    ["example.com:443", "https://example.com", true],
    ["10.0.0.1", "https://10.0.0.1:6443", true],
    ["10.0.0.1", "https://10.0.0.10", false],
    ["10.0.0.0/8", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://11.1.2.3", false],
    ["10.0.0.0/8", "https://ten.example.com", false],
    ["fd00::/8", "https://[fd12::1]:6443", true],
    ["[fd12::1]:6443", "https://[fd12::1]:6443", true],
    ["fd12::1", "https://[fd12::1]:6443", true],
    ["10.0.0.0/99,x/8", "https://10.0.0.1", false],
    [" a.test , b.test ", "https://b.test", true],
    [",,", "https://b.test", false],
  ])("%j for %s: %s", (noProxy, server, bypassed) => {
    expect(chooseProxy(server, undefined, { ...env, NO_PROXY: noProxy })).toBe(bypassed ? null : PROXY);
  });
});
