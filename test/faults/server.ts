import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { type Made, makeCertificate } from "./certificate.ts";
import { honest } from "./honest.ts";

/** Answers one request, or does to it what a broken server does. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A request as it arrived. */
export interface Seen {
  method: string;
  url: URL;
  /** Names and values in turn, as they were on the wire. */
  rawHeaders: string[];
  body: string;
  /** Common name of the client's certificate, or null. */
  clientName: string | null;
}

/** A TLS server on 127.0.0.1 that answers like a small API server until it is told to lie. */
export interface FaultServer {
  readonly url: string;
  readonly port: number;
  readonly authority: Made;
  /** Requests in the order in which they came. */
  readonly seen: Seen[];
  /** TCP connections that were accepted so far. */
  connections(): number;
  /** Requests whose path matches are handled so; the latest word counts. */
  when(path: RegExp, handler: Handler): void;
  /** Back to answering honestly, and forgets what it saw. */
  reset(): void;
  /** Writes a kubeconfig that trusts this server and acts by the token `test-token`; returns its path. */
  kubeconfig(parts?: { cluster?: object; user?: object; namespace?: string }): Promise<string>;
  /** A path for a file that goes with the server. */
  file(name: string): string;
  close(): Promise<void>;
}

/** Which certificate the server shows. */
export type Certificate = "valid" | "expired" | "not-yet-valid" | "other-authority" | "other-host";

const HOURS = 3_600_000;

/** `clients: "certified"` refuses, in the handshake, whoever has no valid certificate; an API server only asks. */
export async function startFaultServer(
  certificate: Certificate = "valid",
  { clients = "anybody" }: { clients?: "anybody" | "certified" } = {},
): Promise<FaultServer> {
  const authority = makeCertificate({ name: "test authority", authority: true });
  const folder = await mkdtemp(join(tmpdir(), "faults-"));
  const seen: Seen[] = [];
  const rules: { path: RegExp; handler: Handler }[] = [];
  const sockets = new Set<TLSSocket>();
  let connections = 0;

  const shown = serverCertificate(certificate, authority);
  const server = createServer(
    {
      cert: shown.certificate,
      key: shown.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: clients === "certified",
    },
    (request, response) => {
      void readAll(request).then((body) => {
        seen.push(record(request, body));
        const rule = rules.findLast(({ path }) => path.test(request.url ?? ""));
        (rule?.handler ?? honest)(request, response);
      });
    },
  );
  server.on("connection", () => (connections += 1));
  server.on("secureConnection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}`;
  let files = 0;

  return {
    url,
    port,
    authority,
    seen,
    connections: () => connections,
    when: (path, handler) => void rules.push({ path, handler }),
    reset() {
      rules.length = 0;
      seen.length = 0;
    },
    file: (name) => join(folder, name),
    async kubeconfig({ cluster = {}, user = { token: "test-token" }, namespace = "team" } = {}) {
      const authorityData = Buffer.from(authority.certificate).toString("base64");
      const config = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "test",
        clusters: [{ name: "liar", cluster: { server: url, "certificate-authority-data": authorityData, ...cluster } }],
        users: [{ name: "alice", user }],
        contexts: [{ name: "test", context: { cluster: "liar", user: "alice", namespace } }],
      };
      const path = join(folder, `kubeconfig-${(files += 1)}`);
      // JSON is YAML.
      await writeFile(path, JSON.stringify(config), { mode: 0o600 });
      return path;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverCertificate(certificate: Certificate, authority: Made): Made {
  const now = Date.now();
  const hosts = ["127.0.0.1", "localhost", "api.test"];
  switch (certificate) {
    case "valid":
      return makeCertificate({ name: "server", hosts, issuer: authority });
    case "expired":
      return makeCertificate({ name: "server", hosts, issuer: authority, notAfter: new Date(now - HOURS) });
    case "not-yet-valid":
      return makeCertificate({ name: "server", hosts, issuer: authority, notBefore: new Date(now + HOURS) });
    case "other-authority":
      return makeCertificate({ name: "server", hosts, issuer: makeCertificate({ name: "another", authority: true }) });
    case "other-host":
      return makeCertificate({ name: "server", hosts: ["elsewhere.test"], issuer: authority });
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    // The client went away; what it meant to send no longer matters.
  }
  return Buffer.concat(chunks).toString("utf8");
}

function record(request: IncomingMessage, body: string): Seen {
  const peer = (request.socket as TLSSocket).getPeerCertificate();
  const name = (peer.subject as { CN?: string } | undefined)?.CN;
  return {
    method: request.method ?? "",
    url: new URL(request.url ?? "/", "https://127.0.0.1"),
    rawHeaders: request.rawHeaders,
    body,
    clientName: name ?? null,
  };
}
