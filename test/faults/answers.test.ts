import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ApiError, connect } from "../../src/cluster/index.ts";
import { defaultLimits, type Limits } from "../../src/cluster/options.ts";
import type { Page } from "../../src/model/api.ts";
import * as faults from "./faults.ts";
import { honest, pod, status } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { type FaultServer, type Handler, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const quick: Limits = { ...defaultLimits, backoffMs: 5 };

async function open(limits: Limits = quick, overrides: Parameters<typeof connectOptions>[0] = {}) {
  return connect(connectOptions({ kubeconfig: await server.kubeconfig(), ...overrides }), limits);
}

/** The pages of all pods, or the error that ended them. */
async function listPods(limits?: Limits, overrides?: Parameters<typeof connectOptions>[0]) {
  const api = await open(limits, overrides);
  const pages: Page[] = [];
  try {
    for await (const page of api.list("", "v1", "pods", { namespace: null })) pages.push(page);
    return { pages, error: null };
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return { pages, error: error as ApiError };
  } finally {
    await api.close();
  }
}

async function failure(handler: Handler, limits?: Limits, overrides?: Parameters<typeof connectOptions>[0]) {
  server.when(/\/pods/, handler);
  const { error } = await listPods(limits, overrides);
  if (error === null) throw new Error("the list did not fail");
  expect(error.next).not.toBe("");
  expect(`${error.message} ${error.next}`).not.toContain("test-token");
  expect(`${error.message} ${error.next}`).not.toContain("canary");
  return error;
}

function acceptsGzip(): boolean {
  const headers = server.seen[0]?.rawHeaders ?? [];
  return headers[headers.indexOf("Accept-Encoding") + 1] === "gzip";
}

test("an answer may be compressed, unless the kubeconfig says otherwise", async () => {
  server.when(/\/pods/, (_, response) => {
    const body = gzipSync(JSON.stringify({ kind: "PodList", metadata: {}, items: [pod(1)] }));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" }).end(body);
  });
  expect((await listPods()).pages[0]?.items).toEqual([pod(1)]);
  expect(acceptsGzip()).toBe(true);
  server.reset();
  await listPods(quick, { kubeconfig: await server.kubeconfig({ cluster: { "disable-compression": true } }) });
  expect(acceptsGzip()).toBe(false);
});

const requests = (): number => server.seen.length;

describe("what the server refuses", () => {
  test("401 ends the run, in kubectl's words", async () => {
    const error = await failure(faults.unauthorized);
    expect(error).toMatchObject({ status: 401, reason: "Unauthorized", fatal: true });
    expect(error.message).toBe("error: You must be logged in to the server (Unauthorized)");
    expect(requests()).toBe(1);
  });

  test("403 blinds one list and quotes the server", async () => {
    const error = await failure(faults.forbidden);
    expect(error).toMatchObject({ status: 403, reason: "Forbidden", fatal: false });
    expect(error.message).toMatch(/^Error from server \(Forbidden\): pods is forbidden: User "alice" cannot list/);
    expect(requests()).toBe(1);
  });

  test("403 for the impersonation itself is fatal", async () => {
    const message = 'users "bob" is forbidden: User "alice" cannot impersonate resource "users" in API group ""';
    const error = await failure((_, response) => status(response, 403, "Forbidden", message));
    expect(error).toMatchObject({ reason: "Forbidden", fatal: true });
    expect(error.next).toMatch(/--as/);
  });

  test("404 says that this server does not serve the resource", async () => {
    expect(await failure(faults.notFound)).toMatchObject({
      status: 404,
      reason: "NotFound",
      fatal: false,
      message: "Error from server (NotFound): the server could not find the requested resource",
    });
  });

  test("409 is passed on and not tried again", async () => {
    expect(await failure(faults.conflict)).toMatchObject({ status: 409, reason: "Conflict", fatal: false });
    expect(requests()).toBe(1);
  });

  test("control characters in a message cannot reach a terminal", async () => {
    const error = await failure((_, response) => status(response, 403, "Forbidden", "a\u001b[2Jb\u0007\u202e"));
    expect(error.message).toBe("Error from server (Forbidden): aU+001B[2JbU+0007U+202E");
  });
});

describe("what may pass", () => {
  test("429 with Retry-After is waited for", async () => {
    server.when(/\/pods/, faults.tooMany(1, faults.pages(3), "1"));
    const started = performance.now();
    const { pages } = await listPods();
    expect(pages[0]?.items).toHaveLength(3);
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(requests()).toBe(2);
  });

  test("429 with a date as Retry-After is waited for", async () => {
    server.when(/\/pods/, faults.tooMany(1, faults.pages(3), new Date(Date.now() + 1500).toUTCString()));
    expect((await listPods()).pages[0]?.items).toHaveLength(3);
    expect(requests()).toBe(2);
  });

  test("429 without Retry-After is tried five times with the default bounds, then given up", async () => {
    const started = performance.now();
    const error = await failure(faults.tooMany(Infinity, honest), defaultLimits);
    expect(error).toMatchObject({ status: 429, reason: "TooManyRequests", fatal: false });
    expect(requests()).toBe(5);
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test("429 that asks for more patience than there is fails at once", async () => {
    const started = performance.now();
    expect(await failure(faults.tooMany(Infinity, honest, "3600"), defaultLimits)).toMatchObject({ status: 429 });
    expect(requests()).toBe(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("500 is tried again with the default bounds, then blinds one list", async () => {
    const started = performance.now();
    const error = await failure(faults.serverError, defaultLimits);
    expect(error).toMatchObject({ status: 500, reason: "InternalError", fatal: false });
    expect(error.message).toBe("Error from server (InternalError): Internal error occurred: etcd is on fire");
    expect(requests()).toBe(5);
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test("a gateway's page is reported without its content", async () => {
    expect(await failure(faults.gatewayPage)).toMatchObject({ status: 502, fatal: false });
  });

  test("a connection that breaks in the middle of an answer is tried again", async () => {
    server.when(/\/pods/, faults.resetMidBody(2, faults.pages(3)));
    expect((await listPods()).pages[0]?.items).toHaveLength(3);
    expect(requests()).toBe(3);
  });

  test("a connection that breaks each time ends after three tries", async () => {
    expect(await failure(faults.resetMidBody(Infinity, honest))).toMatchObject({ reason: "ConnectionClosed" });
    expect(requests()).toBe(3);
  });

  test("JSON that is cut short is tried again, then reported", async () => {
    expect(await failure(faults.truncatedJson)).toMatchObject({ reason: "InvalidAnswer" });
    expect(requests()).toBe(3);
  });

  test("a compressed answer that is cut short is tried again, then reported", async () => {
    expect(await failure(faults.truncatedGzip)).toMatchObject({ reason: "ConnectionClosed" });
    expect(requests()).toBe(3);
  });

  test("a page that is no JSON is reported without its content", async () => {
    const error = await failure(faults.loginPage);
    expect(error).toMatchObject({ reason: "InvalidAnswer", fatal: true });
    expect(error.next).toMatch(/login page/);
  });

  test("an answer that is no list is reported", async () => {
    expect(await failure(faults.notAList)).toMatchObject({ reason: "InvalidAnswer", fatal: false });
  });
});

describe("time", () => {
  test.each([
    ["that never answers", faults.hang, "awaiting headers"],
    ["whose answer never ends", faults.trickle, "reading body"],
  ])("a server %s is left after the request timeout", async (_, handler, where) => {
    const started = performance.now();
    const error = await failure(handler, quick, { requestTimeoutMs: 400 });
    expect(error).toMatchObject({ reason: "Timeout", fatal: true });
    expect(error.message).toContain(`no answer within 0.4s (Client.Timeout exceeded while ${where})`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("one slow list does not end a run in which others were answered", async () => {
    server.when(/\/pods/, faults.hang);
    const api = await open(quick, { requestTimeoutMs: 400 });
    expect(await api.version()).toBe("v1.36.4");
    const list = api.list("", "v1", "pods", { namespace: null })[Symbol.asyncIterator]();
    await expect(list.next()).rejects.toMatchObject({ reason: "Timeout", fatal: false });
    await api.close();
  });

  test.each([
    ["a server that hangs", faults.hang],
    ["the wait before another try", faults.tooMany(Infinity, honest, "20")],
  ])("an interruption ends %s at once", async (_, handler) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const started = performance.now();
    expect(await failure(handler, quick, { signal: abort.signal })).toMatchObject({ reason: "Canceled", fatal: true });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
