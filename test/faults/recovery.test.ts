import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/cluster/index.ts";
import { collect } from "../../src/evidence/collect.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { answer, status } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { type FaultServer, type Handler, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

const CURRENT = 5000;
const OLDEST = 1234;
const CANARY = "canary-Of-The-Past9";

/** What is asked for in one request. */
interface Asked {
  query: URLSearchParams;
  response: ServerResponse;
}

function job(name: string, more: { uid?: unknown; namespace?: string; version?: number } = {}) {
  const { uid = `uid-${name}`, namespace = "team", version = 4000 } = more;
  const containers = [{ name: "main", image: "x:1", env: [{ name: "DB_PASSWORD", value: CANARY }] }];
  const metadata = { name, namespace, uid, resourceVersion: String(version) };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: { spec: { containers } } } };
}

function list(response: ServerResponse, items: unknown[], version: string, next = ""): void {
  const metadata = { resourceVersion: version, ...(next === "" ? {} : { continue: next }) };
  answer(response, 200, { kind: "JobList", apiVersion: "batch/v1", metadata, items });
}

function metadataList(response: ServerResponse, items: { metadata: unknown }[], version: string, next = ""): void {
  const metadata = { resourceVersion: version, ...(next === "" ? {} : { continue: next }) };
  answer(response, 200, {
    ...{ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata },
    items: items.map((item) => ({ kind: "PartialObjectMetadata", metadata: item.metadata })),
  });
}

const expired = ({ response }: Asked): void =>
  status(response, 410, "Expired", "The resourceVersion for the provided list is too old.");

function events(response: ServerResponse, all: unknown[]): void {
  response.writeHead(200, { "Content-Type": "application/json" });
  for (const event of all) response.write(`${JSON.stringify(event)}\n`);
}

const tooOld = { type: "ERROR", object: { kind: "Status", status: "Failure", code: 410, reason: "Expired" } };

/** How a server treats the past: every list of it, in turn a metadata or a whole one, and every watch. */
interface Past {
  /** Lists at a resourceVersion; the default forgets all before OLDEST, at which `gone` was there. */
  exact?: (asked: Asked, request: IncomingMessage) => void;
  watch?: (asked: Asked) => void;
  present?: unknown[];
  version?: string;
}

const gone = [job("gone")];

function honestPast(asked: Asked, request: IncomingMessage, was = gone): void {
  const { query, response } = asked;
  const version = Number(query.get("resourceVersion"));
  if (version < OLDEST) return expired(asked);
  const selected = query.get("fieldSelector")?.replace("metadata.name=", "");
  const items = was.filter(({ metadata }) => selected === undefined || metadata.name === selected);
  const send = request.headers.accept?.includes("PartialObjectMetadataList") ? metadataList : list;
  send(response, items, String(version));
}

/** Jobs as this server has them; of the other kinds there never were any, and watches of them are forgotten. */
function serve({ exact = honestPast, watch, present = [], version = String(CURRENT) }: Past): void {
  const forgotten = ({ response }: Asked): void => {
    events(response, [tooOld]);
    response.end();
  };
  const handle =
    (items: unknown[], jobs: boolean): Handler =>
    (request, response) => {
      const query = new URL(request.url ?? "/", "https://127.0.0.1").searchParams;
      const asked = { query, response };
      if (query.has("watch")) return ((jobs ? watch : undefined) ?? forgotten)(asked);
      if (query.has("resourceVersion") || query.has("continue"))
        return jobs ? exact(asked, request) : honestPast(asked, request, []);
      list(response, items, version);
    };
  server.when(/\/pods/, handle([], false));
  server.when(/\/cronjobs/, handle([], false));
  server.when(/\/jobs/, handle(present, true));
}

async function taken(namespace: string | null = null): Promise<{ snapshot: Snapshot; seconds: number }> {
  const api = await connect(connectOptions({ kubeconfig: await server.kubeconfig(), requestTimeoutMs: 30_000 }));
  const started = performance.now();
  try {
    const snapshot = await collect(api, {
      resources: ["cronjobs", "jobs", "pods"],
      recover: true,
      namespace,
      allNamespaces: false,
      fingerprintKey: null,
      now: new Date(),
      toolVersion: "test",
      progress: () => undefined,
    });
    // The past is extra: whatever it does, the answer about the present is whole.
    expect(snapshot.blindSpots).toEqual([]);
    expect(JSON.stringify(snapshot)).not.toContain(CANARY);
    return { snapshot, seconds: (performance.now() - started) / 1000 };
  } finally {
    await api.close();
  }
}

const namesOf = ({ earlier }: Snapshot): string[] | null => earlier && earlier.jobs.map(({ meta }) => meta.name);

describe("a server that remembers", () => {
  test("a Job that was there comes back, masked; the search is short, and nobody asks for Secrets", async () => {
    serve({});
    const { snapshot } = await taken();
    expect(namesOf(snapshot)).toEqual(["gone"]);
    expect(snapshot.earlier?.jobs[0]?.spec.template.literals).toMatchObject([{ name: "DB_PASSWORD" }]);
    expect(snapshot.recoveryNotes.join("\n")).toContain("recovered 1 Job deleted by now");
    const oldest = Number(snapshot.earlier?.resourceVersion);
    expect(oldest).toBeGreaterThanOrEqual(OLDEST);
    expect(oldest).toBeLessThan(OLDEST + (CURRENT - OLDEST) / 500);
    const probes = server.seen.filter(({ url }) => url.searchParams.get("limit") === "1");
    expect(probes.length).toBeLessThanOrEqual(30);
    expect(server.seen.map(({ url }) => url.pathname).filter((path) => path.includes("secrets"))).toEqual([]);
    expect(server.seen.map(({ method }) => method).filter((method) => method !== "GET")).toEqual(["POST"]);
  });

  test("what is still there, what another namespace has, and what came later are not deleted", async () => {
    const stays = job("stays");
    const others = [stays, job("other", { namespace: "elsewhere" })];
    serve({ present: [stays], exact: (asked, request) => honestPast(asked, request, others) });
    expect(namesOf((await taken("team")).snapshot)).toEqual([]);
  });

  test("the last state that a watch gives outranks the one of a list", async () => {
    const last = { ...job("gone", { version: 4500 }), status: { completionTime: "2026-11-22T05:41:09Z" } };
    const deleted = { type: "DELETED", object: last };
    serve({ watch: ({ response }) => events(response, [{ type: "MODIFIED", object: job("gone") }, deleted]) });
    const { snapshot } = await taken();
    expect(snapshot.earlier?.jobs.map(({ completionTime }) => completionTime)).toEqual(["2026-11-22T05:41:09Z"]);
  });

  test("a refused watch is begun again where the server says that it can be", async () => {
    const from: (string | null)[] = [];
    serve({
      watch: ({ query, response }) => {
        from.push(query.get("resourceVersion"));
        const message = "too old resource version: 1 (777)";
        const refused = { ...tooOld, object: { ...tooOld.object, message } };
        events(response, [
          from.length === 1 ? refused : { type: "DELETED", object: job("long-gone", { version: 800 }) },
        ]);
        if (from.length === 1) response.end();
      },
    });
    const { snapshot } = await taken();
    expect(from).toEqual(["1", "777"]);
    expect(namesOf(snapshot)).toEqual(["gone", "long-gone"]);
    expect(snapshot.recoveryNotes.join("\n")).not.toContain("Jobs that were both created and deleted");
  });

  test("410 in the middle of a list: it is begun again from what is left", async () => {
    let compacted = OLDEST;
    serve({
      exact: (asked, request) => {
        const { query, response } = asked;
        if (query.has("continue")) {
          compacted = 2000;
          return expired(asked);
        }
        if (Number(query.get("resourceVersion")) < compacted) return expired(asked);
        const whole = request.headers.accept?.includes("Partial") !== true || query.get("limit") === "1";
        if (whole || compacted === 2000) return honestPast(asked, request);
        metadataList(response, [job("unrelated")], query.get("resourceVersion")!, "more");
      },
    });
    const { snapshot } = await taken();
    expect(namesOf(snapshot)).toEqual(["gone"]);
    expect(Number(snapshot.earlier?.resourceVersion)).toBeGreaterThanOrEqual(2000);
  });

  test("what can be listed and not be asked for by name is taken from the list of all", async () => {
    serve({
      exact: (asked, request) => (asked.query.has("fieldSelector") ? expired(asked) : honestPast(asked, request)),
    });
    expect(namesOf((await taken()).snapshot)).toEqual(["gone"]);
  });

  test("more than a thousand are counted, and not asked for", async () => {
    const many = Array.from({ length: 1003 }, (_, number) => job(`gone-${String(number)}`));
    serve({ exact: (asked, request) => honestPast(asked, request, many) });
    const { snapshot } = await taken();
    expect(snapshot.earlier?.jobs).toHaveLength(1000);
    expect(snapshot.recoveryNotes).toContain("of the past: 3 more deleted jobs were not fetched");
  });
});

describe("a server that lies about the past spoils nothing of the present", () => {
  const never = (): void => undefined;
  const broken = ({ response }: Asked): void => status(response, 500, "InternalError", "etcd is on fire");
  const lies: [string, Past, RegExp, string[] | null][] = [
    ["410 at every resourceVersion", { exact: expired }, /^deleted objects could not be recovered: .*nothing/, null],
    ["resourceVersions that are no numbers", { version: "v7-abc" }, /resourceVersions are no numbers$/, null],
    ["a resourceVersion beyond all numbers", { version: "9".repeat(30) }, /resourceVersions are no numbers$/, null],
    ["lists of another time", { exact: ({ response }) => metadataList(response, gone, "9") }, /could not be/, null],
    ["500", { exact: broken }, /could not be recovered: .*etcd is on fire/, null],
    [
      "whole objects instead of metadata",
      { exact: ({ query, response }) => list(response, gone, query.get("resourceVersion")!) },
      /could not be recovered: .*more than the metadata/,
      null,
    ],
    ["no answer", { exact: never, watch: never }, /longer than 10 s/, null],
    [
      "a page that says no, in HTML",
      { exact: ({ response }) => response.writeHead(502).end(`<html>${CANARY}</html>`) },
      /could not be recovered/,
      null,
    ],
    [
      "signed out for the past alone",
      { exact: ({ response }) => status(response, 401, "Unauthorized", "Unauthorized") },
      /could not be recovered: .*logged in/,
      null,
    ],
    ["a watch that never says anything", { watch: never }, /recovered 1 Job/, ["gone"]],
    [
      "a watch that never ends",
      {
        watch: ({ response }) => {
          response.writeHead(200, { "Content-Type": "application/json" });
          const timer = setInterval(() => {
            const event = { type: "MODIFIED", object: job("busy", { version: 10 }) };
            if (response.writable) response.write(`${JSON.stringify(event)}\n`.repeat(50));
          }, 10);
          response.on("close", () => clearInterval(timer));
        },
      },
      /recovered 1 Job/,
      ["gone"],
    ],
    [
      "a watch of one endless line",
      {
        watch: ({ response }) => {
          const chunk = Buffer.alloc(1 << 20, "a");
          response.writeHead(200, { "Content-Type": "application/json" });
          const more = (): void => {
            while (!response.destroyed && response.write(chunk));
          };
          response.on("drain", more);
          more();
        },
      },
      /recovered 1 Job/,
      ["gone"],
    ],
    [
      "a watch that is cut",
      {
        watch: ({ response }) => {
          response.writeHead(200, { "Content-Type": "application/json" });
          const whole = JSON.stringify({ type: "DELETED", object: job("seen-before") });
          response.write(`${whole}\n${whole.slice(0, 40)}`, () => response.destroy());
        },
      },
      /recovered 2 Jobs/,
      ["gone", "seen-before"],
    ],
    [
      "a watch that is cut, and 410 for every list",
      {
        exact: expired,
        watch: ({ response }) => {
          response.writeHead(200, { "Content-Type": "application/json" });
          const event = JSON.stringify({ type: "DELETED", object: job("seen-before") });
          response.write(`${event}\n{"type"`, () => response.destroy());
        },
      },
      /recovered 1 Job deleted by now: how far back .* is not known/,
      ["seen-before"],
    ],
    [
      "events that are none",
      {
        watch: ({ response }) => {
          const object = { ...job("a"), metadata: null };
          const odd = [{ type: "DELETED", object }, { type: "DELETED", object: job("b", { uid: 7 }) }, [], null];
          events(response, odd);
        },
      },
      /recovered 1 Job/,
      ["gone"],
    ],
    [
      "a refusal that names a version of its own",
      {
        watch: ({ response }) => {
          const message = "too old resource version: 1 (99999999999999999999)";
          events(response, [{ ...tooOld, object: { ...tooOld.object, message } }]);
          response.end();
        },
      },
      /recovered 1 Job/,
      ["gone"],
    ],
    [
      "names that would be part of a selector or a path",
      {
        exact: (asked, request) =>
          honestPast(asked, request, [job("a,metadata.namespace=b"), job("x", { namespace: "../../v1" }), ...gone]),
      },
      /recovered 1 Job/,
      ["gone"],
    ],
    [
      "hostile JSON",
      {
        exact: (asked, request) => {
          if (!asked.query.has("fieldSelector")) return honestPast(asked, request);
          const metadata = '{"name":"gone","uid":"uid-gone","namespace":"team","labels":[],"__proto__":{"uid":"x"}}';
          const item = `{"metadata":${metadata},"spec":{"template":{"spec":{"containers":{"length":9}}}},"status":7}`;
          const version = asked.query.get("resourceVersion")!;
          const head = `{"kind":"JobList","metadata":{"resourceVersion":"${version}"}`;
          asked.response.writeHead(200, { "Content-Type": "application/json" }).end(`${head},"items":[${item}]}`);
        },
      },
      /recovered 1 Job/,
      ["gone"],
    ],
  ];
  test.each(lies)("%s", async (_, past, note, names) => {
    serve(past);
    const { snapshot, seconds } = await taken();
    expect(snapshot.recoveryNotes.join("\n")).toMatch(new RegExp(note, "m"));
    expect(namesOf(snapshot)).toEqual(names);
    expect(seconds).toBeLessThan(12);
  });
});
