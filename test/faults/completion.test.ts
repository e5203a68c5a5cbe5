import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cronaudit, type Run } from "../cluster/program.ts";
import * as faults from "./faults.ts";
import { answer } from "./honest.ts";
import { type FaultServer, type Handler, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
beforeEach(() => {
  server.reset();
});
afterAll(() => server.close());

/** Far more than it takes on a busy machine, and less than a request may take, or than what hangs here lasts. */
const SOON_MS = 15_000;

async function complete(kubeconfig: string, ...words: string[]): Promise<Run> {
  const started = performance.now();
  const run = await cronaudit(kubeconfig, ["__complete", ...words]);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  return run;
}

/** The same where an answer is expected, with longer for it: a busy machine may miss the deadline. */
async function answered(kubeconfig: string, ...words: string[]): Promise<Run> {
  for (let tries = 1; ; tries++) {
    server.seen.length = 0;
    const run = await complete(kubeconfig, "--request-timeout=10s", ...words);
    if (run.stdout !== ":36\n" || tries === 5) return run;
  }
}

const lies: [string, Handler][] = [
  ["401", faults.unauthorized],
  ["429 that asks for a minute", faults.tooMany(Infinity, faults.notFound, "60")],
  ["a login page", faults.loginPage],
  ["truncated JSON", faults.truncatedJson],
  ["a body that trickles for ever", faults.trickle],
  ["a body without end", faults.endlessBody],
  ["no answer", faults.hang],
];

test.each(lies)("%s is no candidate, no message and no failure, soon", async (_, lie) => {
  server.when(/./, lie);
  const nothing = { status: 0, stdout: ":36\n", stderr: "" };
  expect(await complete(await server.kubeconfig(), "-n", "")).toEqual(nothing);
});

test("a server that is not there, and a kubeconfig that is none", async () => {
  const gone = await startFaultServer();
  const kubeconfig = server.file("gone");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "c", cluster: { server: gone.url } }],
      contexts: [{ name: "x", context: { cluster: "c" } }],
      "current-context": "x",
    }),
  );
  await gone.close();
  writeFileSync(server.file("broken"), "{ not: [yaml");
  for (const path of [kubeconfig, server.file("broken"), "/nonexistent"]) {
    expect(await complete(path, "exposure", "cronjob/")).toEqual({ status: 0, stdout: ":36\n", stderr: "" });
  }
});

test("a credential plugin that hangs, with a child that outlives it, and says something", async () => {
  const args = ["-c", "echo sign in at https://x.test >&2; sleep 40 & wait"];
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "sh", args, interactiveMode: "IfAvailable" };
  const run = await complete(await server.kubeconfig({ user: { exec } }), "-n", "");
  expect(run).toEqual({ status: 0, stdout: ":36\n", stderr: "" });
});

test("one list of metadata, as far as its first page, with the flags of the line", async () => {
  const names = Array.from({ length: 700 }, (_, index) => `ns-${String(index).padStart(3, "0")}`);
  server.when(/\/api\/v1\/namespaces/, (request, response) => {
    const limit = Number(new URL(request.url!, server.url).searchParams.get("limit"));
    const items = names.slice(0, limit).map((name) => ({ metadata: { name } }));
    const metadata = { continue: "more" };
    answer(response, 200, { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata, items });
  });
  const run = await answered(await server.kubeconfig(), "exposure", "--as", "alice", "-n", "ns-49");
  expect(run.stderr).toBe("");
  expect(run.stdout.trim().split("\n")).toEqual([...names.filter((name) => name.startsWith("ns-49")), ":36"]);
  expect(server.seen.length).toBe(1);
  const [seen] = server.seen;
  expect(seen!.method).toBe("GET");
  expect(seen!.rawHeaders.join(" ")).toMatch(/PartialObjectMetadataList.*Impersonate-User alice/);
});

test("Secrets are not listed: those that CronJobs and Jobs name are offered", async () => {
  const job = {
    template: { spec: { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: "db", key: "k" } } }] }] } },
  };
  server.when(/\/cronjobs/, (_, response) => {
    const items = [{ metadata: { name: "a", namespace: "team" }, spec: { jobTemplate: { spec: job } } }];
    answer(response, 200, { kind: "CronJobList", apiVersion: "batch/v1", metadata: {}, items });
  });
  server.when(/\/jobs/, faults.forbidden);
  const run = await answered(await server.kubeconfig(), "access", "--secret", "");
  expect(run).toEqual({ status: 0, stdout: "team/db\n:36\n", stderr: "" });
  expect(server.seen.map(({ url }) => url.pathname).sort()).toEqual(["/apis/batch/v1/cronjobs", "/apis/batch/v1/jobs"]);
});

test("hostile names of a server are left out", async () => {
  const names = ["good", "$(reboot)", "a\u001b[2J", "b\tc", "d\n:4", "x`y`", "\u202eevil", ":2"];
  server.when(/\/namespaces/, (_, response) => {
    const items = names.map((name) => ({ metadata: { name } }));
    answer(response, 200, { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata: {}, items });
  });
  const run = await answered(await server.kubeconfig(), "-n", "");
  expect(run).toEqual({ status: 0, stdout: ":2\ngood\n:36\n", stderr: "" });
});

test("a shell that has gone away is no failure", async () => {
  const child = spawn(process.execPath, ["bin/kubectl-cronaudit.js", "__complete", ""], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect([status, said]).toEqual([0, ""]);
});
