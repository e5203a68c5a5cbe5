import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connect, type Limits } from "../../src/cluster/index.ts";
import { defaultLimits } from "../../src/cluster/options.ts";
import type { Api } from "../../src/model/api.ts";
import { answer, status } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { startFaultServer, type FaultServer } from "./server.ts";

let server: FaultServer;
let api: Api;
const PATH = "/api/v1/namespaces/team/pods/a/log?container=main";
const limits: Limits = { ...defaultLimits, backoffMs: 1 };

beforeAll(async () => {
  server = await startFaultServer();
  api = await connect(connectOptions({ kubeconfig: await server.kubeconfig(), requestTimeoutMs: 2000 }), limits);
});
afterAll(async () => {
  await api.close();
  await server.close();
});
beforeEach(() => server.reset());

test("text comes as it is, whatever it looks like", async () => {
  for (const text of ["one\ntwo\n", "", "{not json", '{"json":1}']) {
    server.when(/\/log/, (_request, response) => void response.writeHead(200).end(text));
    expect(await api.text(PATH, 100)).toEqual({ text, cut: false });
  }
});

test("text that is longer is cut, and the rest is not waited for", async () => {
  server.when(/\/log/, (_request, response) => {
    response.writeHead(200).write("x".repeat(64 * 1024));
    // And never an end.
  });
  expect(await api.text(PATH, 1000)).toEqual({ text: "x".repeat(1000), cut: true });
  server.when(/\/log/, (_request, response) => void response.writeHead(200).end("y".repeat(1000)));
  expect(await api.text(PATH, 1000)).toEqual({ text: "y".repeat(1000), cut: false });
});

test("the bound is on what was compressed", async () => {
  server.when(/\/log/, (_request, response) => {
    response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("z".repeat(1 << 20)));
  });
  expect(await api.text(PATH, 1000)).toEqual({ text: "z".repeat(1000), cut: true });
});

test("a failure is the Status that the server gives, and one that may pass is tried again", async () => {
  server.when(/\/log/, (_request, response) => status(response, 403, "Forbidden", "pods/log is forbidden"));
  await expect(api.text(PATH, 100)).rejects.toMatchObject({ status: 403, reason: "Forbidden", fatal: false });
  let tries = 0;
  server.when(/\/log/, (_request, response) => {
    if (++tries < 3) status(response, 429, "TooManyRequests", "later", { "Retry-After": "0" });
    else response.writeHead(200).end("at last");
  });
  expect(await api.text(PATH, 100)).toEqual({ text: "at last", cut: false });
  expect(tries).toBe(3);
});

test("a log that does not come in time is a failure of its own", async () => {
  server.when(/\/log/, (_request, response) => void response.writeHead(200).write("slow"));
  await expect(api.text(PATH, 100)).rejects.toMatchObject({ reason: "Timeout", fatal: false });
  server.when(/\/version/, (_request, response) => answer(response, 200, { gitVersion: "v1.36.4" }));
  expect(await api.version()).toBe("v1.36.4");
});
