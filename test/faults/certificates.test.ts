import { execFile, spawn, spawnSync } from "node:child_process";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ApiError, connect } from "../../src/cluster/index.ts";
import { makeCertificate } from "./certificate.ts";
import { unauthorized } from "./faults.ts";
import { connectOptions } from "./options.ts";
import { type Certificate, type FaultServer, startFaultServer } from "./server.ts";

type Overrides = Parameters<typeof connectOptions>[0];

const open: FaultServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(...args: Parameters<typeof startFaultServer>): Promise<FaultServer> {
  const server = await startFaultServer(...args);
  open.push(server);
  return server;
}

/** An openssl that can tell its port, or null. */
const openssl = spawnSync("openssl", ["version"]).status === 0 ? "openssl" : null;

function acceptedPort(output: Readable): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = "";
    output.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    output.on("end", () => reject(new Error("openssl s_server did not start")));
  });
}

async function whoami(kubeconfig: string, overrides: Overrides = {}): Promise<string | null | ApiError> {
  try {
    const api = await connect(connectOptions({ kubeconfig, ...overrides }));
    try {
      return await api.whoami();
    } finally {
      await api.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ fatal: true });
    return error as ApiError;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("the server's certificate", () => {
  test.each([
    ["expired", "x509: certificate has expired or is not yet valid", /server's certificate/],
    ["not-yet-valid", "x509: certificate has expired or is not yet valid", /clock/],
    ["other-authority", "x509: certificate signed by unknown authority", /certificate-authority/],
    ["other-host", "x509: certificate is valid for elsewhere.test, not 127.0.0.1", /--tls-server-name/],
  ] as [Certificate, string, RegExp][])("%s is named, with what to do", async (certificate, message, next) => {
    const server = await start(certificate);
    const error = await whoami(await server.kubeconfig());
    expect(error).toMatchObject({
      reason: "Certificate",
      status: null,
      message: `Unable to connect to the server: tls: failed to verify certificate: ${message}`,
    });
    expect((error as ApiError).next).toMatch(next);
    expect(server.seen).toEqual([]);
  });

  test("for another host is accepted under that name", async () => {
    const server = await start("other-host");
    expect(await whoami(await server.kubeconfig(), { tlsServerName: "elsewhere.test" })).toBe("alice");
    expect(await whoami(await server.kubeconfig({ cluster: { "tls-server-name": "elsewhere.test" } }))).toBe("alice");
  });

  test("is not looked at with --insecure-skip-tls-verify", async () => {
    const server = await start("other-authority");
    expect(await whoami(await server.kubeconfig(), { insecureSkipTlsVerify: true })).toBe("alice");
  });

  test("is checked against --certificate-authority instead of the kubeconfig's", async () => {
    const server = await start();
    const file = server.file("ca.crt");
    await writeFile(file, makeCertificate({ name: "another", authority: true }).certificate);
    expect(await whoami(await server.kubeconfig(), { certificateAuthority: file })).toMatchObject({
      reason: "Certificate",
    });
    await writeFile(file, server.authority.certificate);
    expect(await whoami(await server.kubeconfig(), { certificateAuthority: file })).toBe("alice");
  });
});

test("without an authority in the kubeconfig, the machine's own are trusted", async () => {
  const server = await start();
  const kubeconfig = await server.kubeconfig({ cluster: { "certificate-authority-data": undefined } });
  expect(await whoami(kubeconfig)).toMatchObject({ reason: "Certificate" });

  const file = server.file("machine.crt");
  await writeFile(file, server.authority.certificate);
  const script = `
    const { connect } = await import(${JSON.stringify(new URL("../../src/cluster/index.ts", import.meta.url).href)});
    const { connectOptions } = await import(${JSON.stringify(new URL("./options.ts", import.meta.url).href)});
    const api = await connect(connectOptions({ kubeconfig: ${JSON.stringify(kubeconfig)} }));
    process.stdout.write(await api.whoami());
    await api.close();`;
  const env = { ...process.env, SSL_CERT_FILE: file };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { env });
  expect(stdout).toBe("alice");
});

describe("the client's certificate", () => {
  test("is sent from data and from files", async () => {
    const server = await start();
    const client = makeCertificate({ name: "carol", organization: "devs", issuer: server.authority });
    await writeFile(server.file("carol.crt"), client.certificate);
    await writeFile(server.file("carol.key"), client.key);
    const users = [
      { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) },
      { "client-certificate": "carol.crt", "client-key": "carol.key" },
    ];
    for (const user of users) expect(await whoami(await server.kubeconfig({ user }))).toBe("alice");
    expect(server.seen.map(({ clientName }) => clientName)).toEqual(["carol", "carol"]);
    expect(server.seen.every(({ rawHeaders }) => !rawHeaders.includes("Authorization"))).toBe(true);
  });

  test("that expired is named when the server answers 401", async () => {
    const server = await start();
    server.when(/./, unauthorized);
    const notAfter = new Date("2026-01-02T03:04:05Z");
    const notBefore = new Date("2025-01-02T03:04:05Z");
    const client = makeCertificate({ name: "carol", issuer: server.authority, notBefore, notAfter });
    const user = { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) };
    expect(await whoami(await server.kubeconfig({ user }))).toMatchObject({
      message: "error: You must be logged in to the server (Unauthorized)",
      next: "The client certificate of the kubeconfig's user expired at 2026-01-02T03:04:05.000Z: renew it.",
    });
  });

  test("that is missing where one is wanted is named", async () => {
    const server = await start("valid", { clients: "certified" });
    const error = await whoami(await server.kubeconfig());
    expect(error).toMatchObject({
      reason: "Certificate",
      message: "Unable to connect to the server: remote error: tls: certificate required",
    });
    expect((error as ApiError).next).toMatch(/wants a client certificate/);
  });

  // Node's own server sends no alert about a certificate that it does not like, as servers in Go and C do.
  test.skipIf(openssl === null).each(["-tls1_2", "-tls1_3"])(
    "that expired is told apart from the server's when the handshake refuses it (needs openssl; %s)",
    async (version) => {
      const server = await start();
      const shown = makeCertificate({ name: "server", hosts: ["127.0.0.1"], issuer: server.authority });
      const file = async (name: string, content: string) => {
        await writeFile(server.file(name), content);
        return server.file(name);
      };
      const trust = await file("ca.crt", server.authority.certificate);
      const parts = ["-cert", await file("s.crt", shown.certificate), "-key", await file("s.key", shown.key)];
      const strict = ["-CAfile", trust, "-Verify", "2", "-verify_return_error", version];
      const child = spawn(openssl!, ["s_server", "-accept", "127.0.0.1:0", ...parts, ...strict], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      try {
        const port = await acceptedPort(child.stdout);
        const client = makeCertificate({
          name: "carol",
          issuer: server.authority,
          notAfter: new Date(Date.now() - 1000),
        });
        const user = { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) };
        const kubeconfig = await server.kubeconfig({ user, cluster: { server: `https://127.0.0.1:${port}` } });
        expect(await whoami(kubeconfig)).toMatchObject({
          reason: "Certificate",
          message: "Unable to connect to the server: remote error: tls: certificate expired",
          next: "It is the client certificate: renew the one in the kubeconfig's user.",
        });
      } finally {
        child.kill();
      }
    },
  );

  test("that does not fit its key is refused without showing either", async () => {
    const server = await start();
    const client = makeCertificate({ name: "carol", issuer: server.authority });
    const other = makeCertificate({ name: "dave", issuer: server.authority });
    const user = { "client-certificate-data": base64(client.certificate), "client-key-data": base64(other.key) };
    const error = await whoami(await server.kubeconfig({ user }));
    expect(error).toMatchObject({ reason: "InvalidConfiguration", message: expect.stringContaining("no usable PEM") });
  });
});

describe("a server that is not there", () => {
  test("refuses in kubectl's words", async () => {
    const server = await startFaultServer();
    const kubeconfig = await server.kubeconfig({ cluster: { server: "https://127.0.0.1:1" } });
    expect(await whoami(kubeconfig)).toMatchObject({
      reason: "ConnectionRefused",
      message: "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
    });
    await server.close();
  });

  test("has a name that does not resolve", async () => {
    const server = await start();
    const error = await whoami(await server.kubeconfig({ cluster: { server: "https://nowhere.invalid:6443" } }));
    expect(error).toMatchObject({
      reason: "NoSuchHost",
      message: "Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host",
    });
  });

  test("speaks plain HTTP where TLS was expected", async () => {
    const server = await start();
    const plain = createServer((_, response) => response.end("{}"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo;
    const kubeconfig = await server.kubeconfig({ cluster: { server: `https://127.0.0.1:${port}` } });
    expect(await whoami(kubeconfig)).toMatchObject({
      message: "Unable to connect to the server: http: server gave HTTP response to HTTPS client",
    });
    plain.close();
  });

  test("is never sent credentials over plain HTTP", async () => {
    const server = await start();
    const headers: string[] = [];
    const plain = createServer((request, response) => {
      headers.push(...request.rawHeaders);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await whoami(await server.kubeconfig(), { server: `http://127.0.0.1:${port}` })).toBe(null);
    expect(headers.length).toBeGreaterThan(0);
    expect(headers.join(" ")).not.toMatch(/authorization|test-token/i);
    plain.close();
  });
});
