import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/cluster/index.ts";
import { connectOptions } from "./options.ts";
import { startHttpProxy, startSocksProxy, type TestProxy } from "./proxies.ts";
import { type FaultServer, startFaultServer } from "./server.ts";

let server: FaultServer;
let http: TestProxy;
let socks: TestProxy;
beforeAll(async () => {
  server = await startFaultServer();
  http = await startHttpProxy(server.port);
  socks = await startSocksProxy(server.port);
});
afterEach(() => {
  server.reset();
  for (const proxy of [http, socks]) proxy.tunnels.length = proxy.credentials.length = 0;
});
afterAll(async () => {
  http.close();
  socks.close();
  await server.close();
});

/** Two requests to a name that only the proxy can reach. */
async function ask(cluster: object, overrides: Parameters<typeof connectOptions>[0] = {}): Promise<void> {
  const kubeconfig = await server.kubeconfig({ cluster: { server: "https://api.test:6443", ...cluster } });
  const api = await connect(connectOptions({ kubeconfig, ...overrides }));
  try {
    expect(await api.whoami()).toBe("alice");
    expect(await api.version()).toBe("v1.36.4");
  } finally {
    await api.close();
  }
}

test("the kubeconfig's proxy-url is used, over one tunnel, with its credentials", async () => {
  await ask({ "proxy-url": `http://user:secret@127.0.0.1:${http.port}` });
  expect(http.tunnels).toEqual(["api.test:6443"]);
  expect(http.credentials).toEqual([`Basic ${Buffer.from("user:secret").toString("base64")}`]);
});

test("HTTPS_PROXY is used", async () => {
  await ask({}, { env: { HTTPS_PROXY: `http://127.0.0.1:${http.port}` } });
  expect(http.tunnels).toEqual(["api.test:6443"]);
});

test("proxy-url goes before HTTPS_PROXY and NO_PROXY", async () => {
  await ask(
    { "proxy-url": `http://127.0.0.1:${http.port}` },
    { env: { HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "*" } },
  );
  expect(http.tunnels).toEqual(["api.test:6443"]);
});

test("a SOCKS proxy is used, and resolves the name itself", async () => {
  await ask({ "proxy-url": `socks5://127.0.0.1:${socks.port}` });
  expect(socks.tunnels).toEqual(["api.test:6443"]);
});

test("the server's certificate is checked through a proxy as well", async () => {
  for (const proxy of [`http://127.0.0.1:${http.port}`, `socks5://127.0.0.1:${socks.port}`]) {
    await expect(ask({ "proxy-url": proxy, server: "https://other.test:6443" })).rejects.toMatchObject({
      reason: "Certificate",
      message: expect.stringContaining("certificate is valid for 127.0.0.1, localhost, api.test, not other.test"),
    });
    await ask({ "proxy-url": proxy, server: "https://other.test:6443", "tls-server-name": "api.test" });
  }
});

test("a proxy that is not there is named, without its password", async () => {
  for (const scheme of ["http", "socks5"]) {
    const error = await ask({ "proxy-url": `${scheme}://user:secret@127.0.0.1:1` }).then(
      () => null,
      (reason: unknown) => reason as Error & { next: string },
    );
    expect(error).toMatchObject({ name: "ApiError", fatal: true });
    expect(error?.next).toContain("127.0.0.1:1");
    expect(`${error?.message}${error?.next}`).not.toContain("secret");
  }
});
