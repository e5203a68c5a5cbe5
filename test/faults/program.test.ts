import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StaleReport } from "../../src/model/report.ts";
import { schemaErrors } from "../schema.ts";
import { cronaudit, type Run } from "../cluster/program.ts";
import * as faults from "./faults.ts";
import { answer, status } from "./honest.ts";
import { type Certificate, type FaultServer, type Handler, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
beforeEach(() => {
  server.reset();
});
afterAll(() => server.close());

const TIMEOUT = "--request-timeout=3s";

async function stale(...flags: string[]): Promise<Run> {
  return cronaudit(await server.kubeconfig(), ["stale", "-o", "json", TIMEOUT, ...flags]);
}

/** One or a few lines that say what is wrong; no stack, no token, nothing on stdout. */
function expectClearError(run: Run): void {
  expect(run.status, run.stderr).toBe(2);
  expect(run.stdout).toBe("");
  expect(run.stderr.trim().split("\n").length).toBeLessThanOrEqual(4);
  expect(run.stderr).not.toMatch(/\n\s+at |node:internal|test-token|undefined|\[object/);
}

describe("what hides one list becomes a blind spot, and the rest is reported", () => {
  const lies: [string, Handler, string][] = [
    ["403", faults.forbidden, "Forbidden"],
    ["404", faults.notFound, "NotFound"],
    ["409", faults.conflict, "Conflict"],
    ["410 at every try", faults.pages(40, { expireAt: 10 }), "Expired"],
    ["500", faults.serverError, "InternalError"],
    ["a gateway's page", faults.gatewayPage, "*"],
    ["truncated JSON", faults.truncatedJson, "*"],
    ["resets in the body", faults.resetMidBody(Infinity, faults.notFound), "*"],
    ["the same continue token for ever", faults.endlessList("same token"), "EndlessList"],
    ["a list that repeats itself", faults.endlessList("same objects"), "EndlessList"],
    ["a body that trickles for ever", faults.trickle, "Timeout"],
    ["a body without end", faults.endlessBody, "*"],
    ["no answer", faults.hang, "Timeout"],
  ];
  test.each(lies)("%s", async (_, lie, reason) => {
    server.when(/\/apis\/batch\/v1\/jobs/, lie);
    const run = await stale("--chunk-size=10");
    expect(run.status, run.stderr).toBe(3);
    const report = JSON.parse(run.stdout) as StaleReport;
    expect(schemaErrors(report)).toEqual([]);
    expect(report.complete).toBe(false);
    const spots = report.blindSpots.filter(({ resource }) => resource === "jobs");
    expect(spots.length).toBeGreaterThan(0);
    if (reason !== "*") expect(spots.map((spot) => spot.reason)).toContain(reason);
    for (const spot of spots) {
      expect(spot.verb).toBe("list");
      expect(spot.message.length).toBeGreaterThan(10);
      expect(spot.blinds.length).toBeGreaterThan(0);
    }
    expect(run.stderr).toContain("Not seen");
    expect(run.stderr).not.toMatch(/\n\s+at |node:internal|test-token/);
  });

  test("429 is waited out, with and without Retry-After", async () => {
    for (const after of ["1", undefined]) {
      server.reset();
      server.when(/\/apis\/batch\/v1\/jobs/, faults.tooMany(2, faults.pages(3), after));
      const run = await stale();
      expect(run.status, run.stderr).toBe(0);
      expect((JSON.parse(run.stdout) as StaleReport).complete).toBe(true);
    }
  });

  test("410 in the middle of a list begins it again, and the report is complete and says so", async () => {
    server.when(/\/api\/v1\/pods/, faults.pages(40, { expireAt: 10, times: 1 }));
    const run = await stale("--chunk-size=10");
    expect(run.status, run.stderr).toBe(0);
    const report = JSON.parse(run.stdout) as StaleReport;
    expect(report.notes.join()).toMatch(/pods/);
  });
});

describe("an empty answer is no all-clear", () => {
  const inNamespace = async (...args: string[]): Promise<Run> =>
    cronaudit(await server.kubeconfig(), [...args, "-n", "team", TIMEOUT]);
  const missing: Handler = (_, response) => status(response, 404, "NotFound", 'namespaces "team" not found');

  test.each([[["stale"]], [["access"]], [["--fail-on", "info"]], [["snapshot", "--plain"]]])(
    "%j of a namespace that does not exist",
    async (args) => {
      server.when(/\/namespaces\/team$/, missing);
      const run = await inNamespace(...args);
      expectClearError(run);
      expect(run.stderr).toContain('Error from server (NotFound): namespaces "team" not found');
    },
  );

  test("of one that exists it is an answer, with --fail-on too", async () => {
    server.when(/\/namespaces\/team$/, (_, response) => answer(response, 200, { kind: "Namespace" }));
    const run = await inNamespace("--fail-on", "info");
    expect([run.status, run.stdout]).toEqual([0, ""]);
    expect(run.stderr).toContain("No findings in team namespace.");
    expect(run.stderr).not.toContain("check its name");
  });

  test("where nobody may say whether it exists, the doubt is told, and a gate does not pass", async () => {
    server.when(/\/namespaces\/team$/, faults.forbidden);
    const run = await inNamespace("stale", "-o", "json");
    expect(run.status, run.stderr).toBe(0);
    expect(run.stderr).toContain("Nothing was seen in namespace team: check its name.");
    const gate = await inNamespace("--fail-on", "critical");
    expectClearError(gate);
    expect(gate.stderr).toContain('error: nothing stands in namespace "team", and nothing says that it exists');
  });
});

test("an install hint of many lines is printed as lines", async () => {
  const exec = {
    ...{ apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command: "no-such-plugin" },
    installHint: "Install it:\n  brew install x",
  };
  const run = await cronaudit(await server.kubeconfig({ user: { exec } }), ["stale", TIMEOUT]);
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(/\n\n {7}Install it:\n {9}brew install x\n$/);
});

test("no verb sends anything but GET, and the reviews that ask who the caller is and whether RBAC is all there is", async () => {
  const kubeconfig = await server.kubeconfig();
  const file = server.file("evidence.jsonl");
  for (const verb of [
    [],
    ["exposure"],
    ["stale"],
    ["access"],
    ["stale", "-n", "team"],
    ["snapshot", file, "--list-secrets"],
  ]) {
    const run = await cronaudit(kubeconfig, [...verb, TIMEOUT]);
    expect(run.status, `${verb.join(" ")}: ${run.stderr}`).toBe(0);
  }
  const sent = server.seen.map(({ method, url }) => `${method} ${url.pathname}`);
  expect(sent.length).toBeGreaterThan(30);
  const others = new Set(sent.filter((request) => !request.startsWith("GET ")));
  // Reviews store nothing.
  expect([...others].sort()).toEqual([
    "POST /apis/authentication.k8s.io/v1/selfsubjectreviews",
    "POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
  ]);
});

describe("what ends everything is one clear error", () => {
  test("401", async () => {
    server.when(/./, faults.unauthorized);
    const run = await stale();
    expectClearError(run);
    expect(run.stderr).toContain("You must be logged in to the server");
  });

  test("a server that never answers, within the time for one request and a little", async () => {
    server.when(/./, faults.hang);
    const started = performance.now();
    const run = await stale();
    expectClearError(run);
    expect(run.stderr).toMatch(/time/i);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  test("a login page where an API server should be", async () => {
    server.when(/./, faults.loginPage);
    expectClearError(await stale());
  });

  test.each<[Certificate, RegExp]>([
    ["expired", /expired/],
    ["not-yet-valid", /not yet valid/],
    ["other-authority", /unknown authority|certificate/],
    ["other-host", /not|valid for/],
  ])("a certificate that is %s", async (certificate, words) => {
    const liar = await startFaultServer(certificate);
    try {
      const run = await cronaudit(await liar.kubeconfig(), ["stale", TIMEOUT]);
      expectClearError(run);
      expect(run.stderr).toMatch(words);
    } finally {
      await liar.close();
    }
  });

  test("a connection that is refused", async () => {
    const gone = await startFaultServer();
    const kubeconfig = await gone.kubeconfig();
    // The folder goes with the server, so keep what it said.
    const { readFile, writeFile } = await import("node:fs/promises");
    const kept = server.file("gone.yaml");
    const text = await readFile(kubeconfig, "utf8");
    await gone.close();
    await writeFile(kept, text.replace(/certificate-authority:.*/g, "insecure-skip-tls-verify: true"));
    const run = await cronaudit(kept, ["stale", TIMEOUT]);
    expectClearError(run);
    expect(run.stderr).toContain("was refused - did you specify the right host or port?");
  });
});
