import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connectActor } from "../../src/cluster/index.ts";
import { defaultLimits } from "../../src/cluster/options.ts";
import type { ActorApi } from "../../src/model/api.ts";
import { answer, status } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { startFaultServer, type FaultServer } from "./server.ts";

let server: FaultServer;
let actor: ActorApi;
const request = { method: "GET", path: "/api/v1/pods", auditId: "cronaudit-r1-1-t" } as const;

beforeAll(async () => {
  server = await startFaultServer();
  const options = {
    kubeconfig: await server.kubeconfig(),
    requestTimeoutMs: 500,
    userAgent: "kubectl-cronaudit/1 (lab r1)",
  };
  actor = await connectActor(connectOptions({ ...options, as: "somebody" }), "a-token", {
    ...defaultLimits,
    backoffMs: 1,
  });
});
afterAll(async () => {
  await actor.close();
  await server.close();
});
beforeEach(() => server.reset());

test("a request says whose it is, and has nothing of the operator's", async () => {
  const seen: Record<string, string | string[] | undefined>[] = [];
  server.when(/./, ({ headers, method }, response) => {
    seen.push({ ...headers, method });
    answer(response, method === "POST" ? 201 : 200, { kind: "Pod" });
  });
  const statuses: (number | null)[] = [];
  for (const method of ["GET", "POST", "PUT", "PATCH"] as const) {
    const body = method === "GET" ? {} : { body: { a: 1 } };
    statuses.push((await actor.send({ ...request, method, ...body })).status);
  }
  expect(statuses).toEqual([200, 201, 200, 200]);
  expect(seen.map((one) => one["content-type"])).toEqual([
    undefined,
    "application/json",
    "application/json",
    "application/merge-patch+json",
  ]);
  for (const headers of seen) {
    expect(headers["audit-id"]).toBe("cronaudit-r1-1-t");
    expect(headers["user-agent"]).toBe("kubectl-cronaudit/1 (lab r1)");
    expect(headers["authorization"]).toBe("Bearer a-token");
    expect(headers["impersonate-user"]).toBe(undefined);
  }
});

test.each([
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "NotFound"],
  [409, "Conflict"],
  [422, "Invalid"],
])("%i is an answer", async (code, reason) => {
  server.when(/./, (_request, response) => status(response, code, reason, "said"));
  expect(await actor.send(request)).toMatchObject({ status: code, reason, body: {} });
});

test.each([401, 403, 404, 409])("%i of a gateway has no reason: it is not Kubernetes' word", async (code) => {
  for (const [type, body] of [
    ["text/html", "<html>no</html>"],
    ["application/json", '{"reason":"Forbidden","code":403}'],
    ["application/json", '{"kind":"Status"}'],
  ] as const) {
    server.when(/./, (_request, response) => void response.writeHead(code, { "Content-Type": type }).end(body));
    expect(await actor.send(request), body).toMatchObject({ status: code, reason: null, body: {} });
  }
});

test("no answer, or one that cannot be read, has no status", async () => {
  server.when(/./, () => undefined);
  expect(await actor.send(request), "silence").toMatchObject({ status: null, reason: null });
  server.when(/./, ({ socket }) => void socket.destroy());
  expect(await actor.send(request), "a connection that breaks").toMatchObject({ status: null });
  server.when(/./, (_request, response) => void response.writeHead(200).end('{"kind":'));
  expect(await actor.send(request), "half of an answer").toMatchObject({ status: null, body: {} });
});

test("a change is sent once", async () => {
  let sent = 0;
  server.when(/./, (_request, response) => {
    sent += 1;
    status(response, 503, "ServiceUnavailable", "said");
  });
  expect(await actor.send({ ...request, method: "PATCH", body: {} })).toMatchObject({ status: 503 });
  expect(sent).toBe(1);
});
