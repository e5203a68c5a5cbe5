import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ApiError, connect } from "../../src/cluster/index.ts";
import { defaultLimits, type Limits } from "../../src/cluster/options.ts";
import type { ListOptions, Page } from "../../src/model/api.ts";
import * as faults from "./faults.ts";
import { answer, pod } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { type FaultServer, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const MIB = 1024 * 1024;

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What is held on to: buffers are given back only some turns after they were found to be garbage. */
async function memoryHeld(): Promise<number> {
  for (let turn = 0; turn < 4; turn += 1) {
    collectGarbage();
    await setTimeout(50);
  }
  return memory();
}

async function run(
  onPage: (page: Page) => void,
  chunkSize = 500,
  limits: Limits = defaultLimits,
  options: ListOptions = { namespace: null },
): Promise<ApiError | null> {
  const api = await connect(connectOptions({ kubeconfig: await server.kubeconfig(), chunkSize }), limits);
  try {
    for await (const page of api.list("", "v1", "pods", options)) onPage(page);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return error as ApiError;
  } finally {
    await api.close();
  }
}

describe("pages", () => {
  test("each object comes once, by limit and continue", async () => {
    server.when(/\/pods/, faults.pages(1234));
    const names: unknown[] = [];
    expect(
      await run((page) => names.push(...page.items.map((item) => (item["metadata"] as { name: string }).name))),
    ).toBe(null);
    expect(names).toEqual(Array.from({ length: 1234 }, (_, number) => `pod-${number}`));
    expect(server.seen.map(({ url }) => url.search)).toEqual([
      "?limit=500",
      "?limit=500&continue=500",
      "?limit=500&continue=1000",
    ]);
  });

  test("a chunk size of 0 asks for everything at once", async () => {
    server.when(/\/pods/, faults.pages(700));
    const sizes: number[] = [];
    await run((page) => sizes.push(page.items.length), 0);
    expect(sizes).toEqual([700]);
    expect(server.seen[0]?.url.search).toBe("");
  });

  test("names and selectors are encoded", async () => {
    server.when(/\/pods/, faults.pages(1));
    await run(() => undefined, 500, defaultLimits, { namespace: "a/../b?", fieldSelector: "status.phase=Failed" });
    expect(server.seen[0]?.url.pathname).toBe("/api/v1/namespaces/a%2F..%2Fb%3F/pods");
    expect(server.seen[0]?.url.searchParams.get("fieldSelector")).toBe("status.phase=Failed");
  });

  test("410 in the middle begins the list again and says so", async () => {
    server.when(/\/pods/, faults.pages(1200, { expireAt: 1000, times: 1 }));
    const pages: Page[] = [];
    expect(await run((page) => pages.push(page))).toBe(null);
    expect(pages.map(({ items, restarted }) => [items.length, restarted])).toEqual([
      [500, false],
      [500, false],
      [500, true],
      [500, false],
      [200, false],
    ]);
  });

  test("410 each time ends after two new beginnings", async () => {
    server.when(/\/pods/, faults.pages(1200, { expireAt: 1000 }));
    let restarts = 0;
    const error = await run((page) => (restarts += page.restarted ? 1 : 0));
    expect(error).toMatchObject({ status: 410, reason: "Expired", fatal: false });
    expect(restarts).toBe(2);
  });

  test.each([
    ["same token", 2],
    ["same objects", 2],
    ["nothing new", defaultLimits.emptyPages],
  ] as const)("a list that never ends (%s) is noticed", async (kind, requests) => {
    server.when(/\/pods/, faults.endlessList(kind));
    expect(await run(() => undefined)).toMatchObject({ reason: "EndlessList", fatal: false });
    expect(server.seen).toHaveLength(requests);
  });

  test("a list that never ends and never repeats is bounded", async () => {
    server.when(/\/pods/, faults.endlessList("ever new"));
    const error = await run(() => undefined, 500, { ...defaultLimits, pages: 200 });
    expect(error).toMatchObject({ reason: "EndlessList" });
    expect(server.seen).toHaveLength(200);
    expect(defaultLimits.pages * 500).toBeLessThanOrEqual(10_000_000);
  });
});

describe("metadata alone", () => {
  const metadataOnly: ListOptions = { namespace: null, as: "metadata" };

  test("annotations of no meaning to Kubernetes never leave the reader, and of managedFields who wrote which data", async () => {
    const canary = "canary-in-last-applied";
    const metadata = {
      name: "a",
      uid: "1",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": canary },
    };
    const writer = { manager: "kubectl", operation: "Update", time: "2026-11-22T05:41:09Z" };
    const fieldsV1 = { "f:metadata": { "f:annotations": { [`f:${canary}`]: {} } } };
    const managedFields = [
      canary,
      { ...writer, fieldsV1, note: canary },
      { ...writer, fieldsV1: { ...fieldsV1, "f:data": { "f:password": {} } } },
    ];
    const items = [{ metadata: { ...metadata, managedFields }, data: { password: canary } }];
    server.when(/\/pods/, (_, response) =>
      answer(response, 200, { kind: "PartialObjectMetadataList", metadata: {}, items }),
    );
    const pages: Page[] = [];
    expect(await run((page) => pages.push(page), 500, defaultLimits, metadataOnly)).toBe(null);
    const kept = [{ ...writer, fieldsV1: { "f:data": { "f:password": {} } } }];
    expect(pages[0]?.items).toEqual([
      { apiVersion: undefined, kind: undefined, metadata: { name: "a", uid: "1", managedFields: kept } },
    ]);
    const accept = server.seen[0]?.rawHeaders[server.seen[0].rawHeaders.indexOf("Accept") + 1];
    expect(accept).toBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  });

  test("a server that sends whole objects instead is refused", async () => {
    server.when(/\/pods/, faults.wholeSecrets);
    const pages: Page[] = [];
    const error = await run((page) => pages.push(page), 500, defaultLimits, metadataOnly);
    expect(error).toMatchObject({ reason: "InvalidAnswer" });
    expect(pages).toEqual([]);
  });
});

describe("memory", () => {
  test.each([
    ["that never ends", faults.endlessBody],
    ["that decompresses without measure", faults.zipBomb],
  ])("an answer %s is left at its bound", async (_, handler) => {
    // Loads the client, which stays.
    expect(await run(() => undefined)).toBe(null);
    server.reset();
    server.when(/\/pods/, handler);
    const before = await memoryHeld();
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, memory() - before)), 5);
    const started = performance.now();
    const error = await run(() => undefined);
    clearInterval(timer);
    expect(error).toMatchObject({ reason: "RequestEntityTooLarge", fatal: false });
    expect(server.seen).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(peak).toBeGreaterThan(0);
    // Both ends are in this process, and chunks that were read wait for the collector.
    expect(peak).toBeLessThan(2.5 * defaultLimits.bodyBytes);
    expect((await memoryHeld()) - before).toBeLessThan(8 * MIB);
  });

  test("20,000 objects read page by page do not add up, and come over one connection", async () => {
    server.when(/\/pods/, faults.pages(20_000));
    const before = server.connections();
    const used: number[] = [];
    let objects = 0;
    const error = await run((page) => {
      objects += page.items.length;
      server.seen.length = 0;
      collectGarbage();
      used.push(process.memoryUsage().heapUsed);
    });
    expect(error).toBe(null);
    expect(objects).toBe(20_000);
    expect(used).toHaveLength(40);
    const early = Math.max(...used.slice(2, 8));
    const late = Math.max(...used.slice(-6));
    expect(late - early).toBeLessThan(4 * MIB);
    // The pages alone, kept, would have been a good fifty.
    expect((JSON.stringify(pod(1)).length * 20_000) / MIB).toBeGreaterThan(40);
    expect(server.connections() - before).toBe(1);
  });
});
