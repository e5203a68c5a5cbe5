import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundleFiles, failed } from "../../src/cleanup/bundle/files.ts";
import { journalFiles } from "../../src/cleanup/journal-files.ts";
import { readJournal } from "../../src/cleanup/read-journal.ts";
import type { Effects } from "../../src/commands/cleanup-effects.ts";
import type { CleanupResult } from "../../src/model/cleanup.ts";
import type { Json } from "../../src/model/api.ts";
import { evidenceIn, here, outcomes, useFolders } from "../cluster/cleanup/stage.ts";
import { FakeServer, jobAndPod } from "../unit/cleanup/run-fixture.ts";
import { answer, honest, status } from "./honest.ts";
import { type FaultServer, startFaultServer } from "./server.ts";

let server: FaultServer;
let held: FakeServer;
let folder: string;
const newFolder = useFolders();
const NAMES = Array.from({ length: 12 }, (_, at) => `job-${String(at).padStart(2, "0")}`);

beforeAll(async () => {
  server = await startFaultServer();
});
beforeEach(async () => {
  held = new FakeServer(...NAMES.map((name) => jobAndPod(name)));
  folder = await newFolder();
  server.when(/./, serve);
});
afterEach(() => server.reset());
afterAll(() => server.close());

/** What is done instead of a deletion, or after it; null: nothing out of the ordinary. */
type Fault = (name: string, response: ServerResponse, act: () => void) => boolean;
let fault: Fault | null = null;
afterEach(() => {
  fault = null;
});

const resource = (name: string, kind: string): Json => ({
  resource: name,
  responseKind: { kind },
  scope: "Namespaced",
  verbs: ["delete", "list", "watch", "get"],
});
const discovery = (group: string, name: string, kind: string): Json => ({
  kind: "APIGroupDiscoveryList",
  items: [{ metadata: { name: group }, versions: [{ version: "v1", resources: [resource(name, kind)] }] }],
});

/** A cluster with twelve finished Jobs and their pods. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "https://127.0.0.1");
  if (pathname === "/api") return answer(response, 200, discovery("", "pods", "Pod"));
  if (pathname === "/apis") return answer(response, 200, discovery("batch", "jobs", "Job"));
  if (pathname.endsWith("/namespaces/kube-system")) return answer(response, 200, { metadata: { uid: "uid-cluster" } });
  if (request.method === "DELETE") return remove(pathname, response);
  const [, kind] = /\/(jobs|pods)$/.exec(pathname) ?? [];
  if (kind !== undefined) {
    const wanted = searchParams.get("fieldSelector")?.replace("metadata.name=", "");
    const all = [...held.objects.values()].filter((one) => `${String(one["kind"]).toLowerCase()}s` === kind);
    const items = all.filter((one) => wanted === undefined || (one["metadata"] as Json)["name"] === wanted);
    const asMetadata = request.headers.accept?.includes("PartialObjectMetadataList") === true;
    const name = asMetadata ? "PartialObjectMetadataList" : kind === "jobs" ? "JobList" : "PodList";
    return answer(response, 200, { kind: name, apiVersion: "v1", metadata: { resourceVersion: "9" }, items });
  }
  const one = held.objects.get(pathname);
  if (one !== undefined) return answer(response, 200, one);
  if (/\/(jobs|pods)\/[^/]+$/.test(pathname)) return status(response, 404, "NotFound", "not found");
  honest(request, response);
}

function remove(path: string, response: ServerResponse): void {
  const name = path.split("/").at(-1)!;
  const act = (): void => held.collect(`uid-${name}`);
  if (fault?.(name, response, act) === true) return;
  if (!held.objects.has(path)) return status(response, 404, "NotFound", "not found");
  act();
  answer(response, 200, { kind: "Status", status: "Success" });
}

async function cleanUp(effects: Partial<Effects> = {}, args: string[] = []) {
  const argv = ["cleanup", "--yes", "--evidence", join(folder, "case.evidence"), "--request-timeout=2s", ...args];
  const patience = { milliseconds: 1500, firstPoll: 100, longestPoll: 500 };
  return here(await server.kubeconfig(), argv, { patience, ...effects });
}

const deletions = (): string[] =>
  server.seen.filter(({ method }) => method === "DELETE").map(({ url }) => url.pathname.split("/").at(-1)!);
const left = (): string[] => held.names().filter((name) => !name.endsWith("-x"));
const journal = () => readJournal(readFileSync(join(folder, "case.journal"), "utf8"), "j");

/** Whatever went wrong: what is gone is in the evidence, and was announced before. */
async function expectNothingLost(): Promise<void> {
  const gone = NAMES.filter((name) => !left().includes(name)).map((name) => `uid-${name}`);
  if (gone.length === 0) return;
  const kept = await evidenceIn(folder);
  expect(gone.filter((uid) => !kept.has(uid))).toEqual([]);
}

describe("a server that fails while it deletes", () => {
  test("nothing out of the ordinary", async () => {
    const { result, status: exit, error } = await cleanUp();
    expect(error).toBeNull();
    // The fault server's cluster has no nodes and no RBAC that could be read in whole; all that was asked for is gone.
    expect(exit).toBe(0);
    expect(Object.values(outcomes(result!))).toEqual(NAMES.map(() => "gone"));
    expect(deletions().length).toBe(NAMES.length);
  });

  test("403 in the middle: the others go, these are named", async () => {
    fault = (name, response) => {
      if (!["job-03", "job-07"].includes(name)) return false;
      status(response, 403, "Forbidden", 'jobs.batch is forbidden: User "alice" cannot delete resource "jobs"');
      return true;
    };
    const { result, status: exit } = await cleanUp();
    expect(exit).toBe(2);
    expect(left()).toEqual(["job-03", "job-07"]);
    const failedOnes = result!.items.filter(({ outcome }) => outcome === "failed");
    expect(failedOnes.map(({ object }) => object.name)).toEqual(["job-03", "job-07"]);
    expect(failedOnes[0]!.because).toMatch(/cannot delete resource "jobs"/);
    await expectNothingLost();
  });

  test("a storm of 429 is waited for as Retry-After says, and sent again", async () => {
    const times = new Map<string, number>();
    fault = (name, response) => {
      const count = (times.get(name) ?? 0) + 1;
      times.set(name, count);
      if (count > 2) return false;
      status(response, 429, "TooManyRequests", "too many", { "Retry-After": "1" });
      return true;
    };
    const started = Date.now();
    const { result, status: exit } = await cleanUp();
    expect(exit).toBe(0);
    expect(result!.summary.byOutcome.gone).toBe(NAMES.length);
    expect(Date.now() - started).toBeGreaterThan(2 * 2 * 1000);
    expect(deletions().length).toBe(3 * NAMES.length);
    expect(journal().open.size).toBe(0);
  });

  test.each<[string, Fault]>([
    ["500", (_, response) => (status(response, 500, "InternalError", "etcd is on fire"), true)],
    ["a connection that breaks", (_, response) => (response.socket?.destroy(), true)],
    ["no JSON", (_, response) => (response.writeHead(200).end("<html>"), true)],
    ["no answer in time", () => true],
  ])("the server acted and then: %s; it is not asked again", { timeout: 60_000 }, async (_, lie) => {
    fault = (name, response, act) => {
      act();
      return lie(name, response, act);
    };
    const { result, status: exit } = await cleanUp();
    expect(exit).toBe(0);
    expect(result!.summary.byOutcome.gone).toBe(NAMES.length);
    expect(new Set(deletions()).size).toBe(deletions().length);
    await expectNothingLost();
  });

  test("500 without acting: tried a few times, each after a read, then named", async () => {
    fault = (_, response) => (status(response, 500, "InternalError", "etcd is on fire"), true);
    const { result, status: exit } = await cleanUp();
    expect(exit).toBe(2);
    expect(left()).toEqual(NAMES);
    expect(result!.summary.byOutcome.failed).toBe(NAMES.length);
    expect(deletions().length).toBe(3 * NAMES.length);
  });

  test("a server that goes away in the middle: stopped, with how to go on, and resume ends it", async () => {
    let count = 0;
    fault = (_, response) => {
      if ((count += 1) <= 4) return false;
      status(response, 401, "Unauthorized", "Unauthorized");
      return true;
    };
    const { error } = await cleanUp();
    expect(error?.message).toMatch(/^the cleanup stopped: /);
    expect((error as Error & { next: string }).next).toMatch(
      /4 deletions went through; 8 objects are left\.\nGo on with: .*--resume /,
    );
    expect(left().length).toBe(8);
    await expectNothingLost();
    fault = null;
    const resumed = await here(await server.kubeconfig(), ["cleanup", "--resume", join(folder, "case.journal")]);
    expect([resumed.error, resumed.status]).toEqual([null, 0]);
    expect((resumed.result as CleanupResult).summary.byOutcome.gone).toBe(NAMES.length);
    expect(left()).toEqual([]);
  });
});

const noSpace = (): never => failed(Object.assign(new Error("ENOSPC"), { code: "ENOSPC", errno: -28 }));

describe("a disk that fails", () => {
  const STEPS = ["create", "objects", "events", "manifest", "sync", "read back", "name"];
  test.each(STEPS)("the evidence cannot be written at: %s; nothing is deleted", async (step) => {
    const reached = (at: string): Promise<void> =>
      at === `bundle: ${step}` ? Promise.reject(fullDisk()) : Promise.resolve();
    const { error } = await cleanUp({ reached });
    expect(error?.message).toMatch(/no space left on device/);
    expect(deletions()).toEqual([]);
    expect(existsSync(join(folder, "case.evidence"))).toBe(false);
  });

  function fullDisk(): Error {
    try {
      return noSpace();
    } catch (error) {
      return error as Error;
    }
  }

  test.each([1, 2, 3, 4, 6, 9])(
    "the journal cannot be written at its append %i: nothing is deleted that it does not announce",
    async (nth) => {
      let appends = 0;
      const journals = {
        ...journalFiles,
        create: async (path: string) => {
          const file = await journalFiles.create(path);
          return {
            append: (text: string) => ((appends += 1) >= nth ? Promise.reject(fullDisk()) : file.append(text)),
            close: () => file.close(),
          };
        },
      };
      const { error } = await cleanUp({ journals });
      expect(error?.message).toMatch(/no space left on device/);
      const announced =
        nth === 1
          ? []
          : readFileSync(join(folder, "case.journal"), "utf8").matchAll(/"step":"intent","uid":"uid-([^"]+)"/g);
      const names = new Set([...announced].map((match) => (match as RegExpMatchArray)[1]));
      expect(deletions().filter((name) => !names.has(name))).toEqual([]);
      if (nth <= 2) expect(deletions()).toEqual([]);
      await expectNothingLost();
      if (nth <= 2) return;
      const resumed = await here(await server.kubeconfig(), ["cleanup", "--resume", join(folder, "case.journal")]);
      expect([resumed.error, resumed.status]).toEqual([null, 0]);
      expect(left()).toEqual([]);
      expect(new Set(deletions()).size).toBe(deletions().length);
    },
  );

  test("a directory that is none, or that refuses: a line that says so, and nothing is asked to be deleted", async () => {
    await mkdir(join(folder, "case.journal"));
    const taken = await cleanUp();
    expect(taken.error?.message).toMatch(/cannot write the journal .*case\.journal: /);
    const missing = await here(await server.kubeconfig(), [
      "cleanup",
      "--yes",
      "--evidence",
      join(folder, "none/case.evidence"),
    ]);
    expect(missing.error?.message).toMatch(/cannot write the journal .*: no such file or directory/);
    const refused = { ...bundleFiles, create: () => Promise.reject(fullDisk()) };
    const other = await here(
      await server.kubeconfig(),
      ["cleanup", "--yes", "--evidence", join(folder, "b.evidence")],
      { bundles: refused },
    );
    expect(other.error?.message).toMatch(/cannot write the evidence to .*: no space left on device/);
    expect(deletions()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["b.journal", "case.journal"]);
  });
});
