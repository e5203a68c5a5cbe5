import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { defaults } from "../../../src/cli/parse.ts";
import { verifyReplay } from "../../../src/commands/replay-verify.ts";
import type { ReplayReport, ReplayStep, SubjectRef } from "../../../src/model/report.ts";
import { itemOf, replayOf, reportOf } from "../output/replay-report.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Spec {
  user: string;
  groups: string[];
  resourceAttributes: { resource: string };
}

/** An API server that only answers reviews; gives what it was asked. */
async function serve(answer: (spec: Spec) => boolean | "forbidden"): Promise<{ context: Context; asked: Spec[] }> {
  const asked: Spec[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { spec } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { spec: Spec };
      asked.push(spec);
      const told = answer(spec);
      const status = { kind: "Status", status: "Failure", reason: "Forbidden", message: "no", code: 403 };
      response.writeHead(told === "forbidden" ? 403 : 201, { "content-type": "application/json" });
      response.end(
        JSON.stringify(told === "forbidden" ? status : { kind: "SubjectAccessReview", status: { allowed: told } }),
      );
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const options = { ...defaults(), server: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
  const stderr = { write: () => true };
  const io = { env: {}, stdin: {}, stderr, cwd: "/", signal: new AbortController().signal } as never;
  return { context: { options, words: [], io, program: "kubectl cronaudit" }, asked };
}

const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const dev: SubjectRef = { kind: "Group", namespace: null, name: "dev" };
const backup: SubjectRef = { kind: "ServiceAccount", namespace: "database", name: "backup" };

function step(as: SubjectRef | null, resource: string): ReplayStep {
  const request = { verb: "list", group: "", resource, subresource: "", namespace: "database", name: "" };
  return { actor: "x", as, act: `GET ${resource}`, request, yields: "", allowed: true, verified: null };
}

function report(path: ReplayStep[], from: SubjectRef[] = []): ReplayReport {
  return reportOf([itemOf(1, [replayOf("backup", "succeeds", { path })])], { from });
}

test("the position is asked about with its groups, an account with its own, and each question once", async () => {
  const { context, asked } = await serve(() => true);
  const steps = [step(alice, "pods"), step(alice, "pods"), step(backup, "secrets"), step(null, "jobs")];
  const told = await verifyReplay(report(steps, [alice, dev]), context);
  expect(
    asked.map(({ user, groups, resourceAttributes }) => [user, groups, resourceAttributes.resource]).sort(),
  ).toEqual([
    ["alice", ["system:authenticated", "dev"], "pods"],
    [
      "system:serviceaccount:database:backup",
      ["system:serviceaccounts", "system:serviceaccounts:database", "system:authenticated"],
      "secrets",
    ],
  ]);
  expect(told.items[0]!.live!.workloads[0]!.path.map(({ verified }) => verified)).toEqual([true, true, true, null]);
  expect(told).toMatchObject({ complete: true, summary: { verified: { confirmed: 3, refuted: 0, unknown: 0 } } });
});

test("what the server refuses makes the outcome inconclusive", async () => {
  const { context } = await serve(({ resourceAttributes }) => resourceAttributes.resource !== "pods");
  const told = await verifyReplay(report([step(alice, "pods"), step(alice, "jobs")], [alice]), context);
  expect(told.items[0]!.live).toMatchObject({ outcome: "inconclusive", byOutcome: { succeeds: 0, inconclusive: 1 } });
  expect(told.summary.verified).toEqual({ confirmed: 1, refuted: 1, unknown: 0 });
});

test("who may not ask has a blind spot, and outcomes stay", async () => {
  const { context } = await serve(() => "forbidden");
  const told = await verifyReplay(report([step(alice, "pods")], [alice]), context);
  expect(told).toMatchObject({
    complete: false,
    blindSpots: [
      { resource: "subjectaccessreviews", reason: "Forbidden", blinds: ["whether the server confirms each step"] },
    ],
    summary: { verified: { confirmed: 0, refuted: 0, unknown: 1 } },
  });
  expect(told.items[0]!.live!.outcome).toBe("succeeds");
});

test("a group alone is asked about under a name that nobody has", async () => {
  const { context, asked } = await serve(() => true);
  await verifyReplay(report([step(dev, "pods")], [dev]), context);
  expect(asked).toMatchObject([{ user: "cronaudit:nobody", groups: expect.arrayContaining(["dev"]) as string[] }]);
});
