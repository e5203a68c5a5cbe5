import { describe, expect, test } from "vitest";
import type { Api, ApiFailure, Json, ListOptions, Page } from "../../../src/model/api.ts";
import type { Resource } from "../../../src/model/snapshot.ts";
import { collect } from "../../../src/evidence/collect.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { writeSnapshot } from "../../../src/evidence/file.ts";
import { PassThrough, Readable } from "node:stream";

/** The order and the edges of requests are what is tested here; that the lists are Kubernetes' is proved on a real one. */
class Failure extends Error implements ApiFailure {
  override readonly name = "ApiError";
  readonly status: number | null;
  readonly reason: string;
  readonly fatal: boolean;
  constructor(status: number | null, reason: string, fatal = false) {
    super(`${reason} it is`);
    this.status = status;
    this.reason = reason;
    this.fatal = fatal;
  }
}

const forbidden = new Failure(403, "Forbidden");
type Answer = Page[] | Failure;

/** Answers by `resource` or `resource@namespace`; what is not told is an empty list. */
function api(answers: Record<string, Answer>, over: Partial<Api> = {}): Api & { asked: string[]; most: () => number } {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  return {
    asked,
    most: () => most,
    server: "https://127.0.0.1:6443",
    context: "test",
    namespace: "team",
    version: () => Promise.resolve("v1.36.4"),
    whoami: () => Promise.resolve("alice"),
    otherAuthorizers: () => Promise.resolve(false),
    review: () => Promise.resolve(null),
    skewMs: () => 0,
    get: () => Promise.resolve({ metadata: { uid: "cluster-uid" } }),
    text: () => Promise.resolve({ text: "", cut: false }),
    close: () => Promise.resolve(),
    watch: () => Readable.from([]),
    async *list(_group: string, _version: string, resource: string, options: ListOptions) {
      const key = options.namespace === null ? resource : `${resource}@${options.namespace}`;
      const selected = options.fieldSelector === undefined ? key : `${key}?${options.fieldSelector}`;
      asked.push(selected);
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 1));
      running -= 1;
      const answer = answers[selected] ?? answers[key] ?? [];
      if (answer instanceof Failure) throw answer;
      for (const page of answer) {
        if (page.items.some((item) => item["fail"] !== undefined)) throw new Failure(504, "Timeout");
        yield page;
      }
    },
    ...over,
  };
}

const named = (name: string, namespace: string | null = "team"): Json => ({
  metadata: { name, namespace, uid: `uid-${name}` },
  spec: { containers: [], template: { spec: { containers: [] } } },
});
const page = (items: Json[], restarted = false): Page => ({ items, resourceVersion: "1", restarted });
const ask = (resources: Resource[], more: object = {}): Parameters<typeof collect>[1] => ({
  resources,
  namespace: null,
  allNamespaces: false,
  fingerprintKey: null,
  now: new Date("2026-11-22T05:41:09Z"),
  toolVersion: "0.1.0",
  progress: () => undefined,
  ...more,
});
const namespaces = [page([named("team", null), named("other", null), named("third", null)])];

describe("scope", () => {
  test("without -n the whole cluster is listed", async () => {
    const server = api({ pods: [page([named("b"), named("a")]), page([named("c", "other")])] });
    const snapshot = await collect(server, ask(["pods", "roles"]));
    expect(snapshot.pods.map(({ meta }) => meta.name)).toEqual(["c", "a", "b"]);
    expect(snapshot.metadata).toEqual({
      takenAt: "2026-11-22T05:41:09Z",
      cluster: { server: "https://127.0.0.1:6443", version: "v1.36.4", uid: "cluster-uid" },
      user: "alice",
      scope: { namespaces: null },
      tool: { version: "0.1.0" },
    });
    expect(snapshot.blindSpots).toEqual([]);
    expect(snapshot.collected).toEqual(["pods", "roles"]);
  });

  test("-n asks for that namespace, and for cluster-scoped kinds as ever", async () => {
    const server = api({});
    const snapshot = await collect(server, ask(["pods", "clusterroles"], { namespace: "database" }));
    expect(server.asked.sort()).toEqual(["clusterroles", "pods@database"]);
    expect(snapshot.metadata.scope.namespaces).toEqual(["database"]);
  });

  test("with -n, kinds that go beyond it are taken from all namespaces, and the snapshot says which", async () => {
    const server = api({});
    const more = { namespace: "database", beyondScope: ["rolebindings"] };
    const snapshot = await collect(server, ask(["pods", "rolebindings"], more));
    expect(server.asked.sort()).toEqual(["pods@database", "rolebindings"]);
    expect(snapshot.beyondScope).toEqual(["rolebindings"]);
    expect(snapshot.metadata.scope.namespaces).toEqual(["database"]);
    expect((await collect(api({}), ask(["rolebindings"], { beyondScope: ["rolebindings"] }))).beyondScope).toEqual([]);
  });

  test("an object that cannot be read whole is a blind spot of its namespace", async () => {
    const { metadata } = named("odd");
    const server = api({ pods: [page([named("a"), { metadata }])] });
    const { pods, blindSpots } = await collect(server, ask(["pods"]));
    expect(pods).toHaveLength(2);
    expect(blindSpots).toEqual([
      expect.objectContaining({ verb: "read", resource: "pods", namespace: "team", reason: "Unreadable" }),
    ]);
  });

  test("forbidden in the cluster: each namespace that may be listed, and a blind spot for each that denies", async () => {
    const server = api({ namespaces, pods: forbidden, "pods@team": [page([named("a")])], "pods@other": forbidden });
    const snapshot = await collect(server, ask(["pods"]));
    expect(snapshot.pods).toHaveLength(1);
    expect(snapshot.blindSpots).toEqual([
      {
        verb: "list",
        group: "",
        resource: "pods",
        namespace: "other",
        except: [],
        reason: "Forbidden",
        message: "Forbidden it is",
        blinds: KINDS.pods.blinds,
      },
    ]);
    expect(snapshot.metadata.scope.namespaces).toEqual(["team", "third"]);
    expect(snapshot.namespaces).toEqual([]);
  });

  test("forbidden in every namespace folds into one blind spot for the cluster", async () => {
    const denied = Object.fromEntries(["team", "other", "third"].map((name) => [`secrets@${name}`, forbidden]));
    const snapshot = await collect(api({ namespaces, secrets: forbidden, ...denied }), ask(["pods", "secrets"]));
    expect(snapshot.blindSpots.map(({ resource, namespace }) => [resource, namespace])).toEqual([["secrets", null]]);
    expect(snapshot.metadata.scope.namespaces).toBeNull();
  });

  test("without the right to list namespaces: the context's own, and a blind spot for the rest", async () => {
    const server = api({
      namespaces: forbidden,
      pods: forbidden,
      jobs: forbidden,
      "jobs@team": forbidden,
      "pods@team": [page([named("a")])],
    });
    const snapshot = await collect(server, ask(["pods", "jobs"]));
    expect(snapshot.blindSpots.map(({ resource, namespace }) => [resource, namespace])).toEqual([
      ["jobs", null],
      ["pods", null],
    ]);
    expect(snapshot.metadata.scope.namespaces).toEqual(["team"]);
    expect(server.asked.filter((key) => key === "namespaces")).toHaveLength(1);
  });
});

describe("failures", () => {
  test.each([
    ["a kind that is not served", new Failure(404, "NotFound")],
    ["a list that expired again and again", new Failure(410, "Expired")],
    ["an error of the server", new Failure(500, "InternalError")],
    ["no answer in time", new Failure(null, "Timeout")],
  ])("%s leaves a blind spot and the rest", async (_what, failure) => {
    const snapshot = await collect(api({ pods: failure, jobs: [page([named("j")])] }), ask(["pods", "jobs"]));
    expect(snapshot.jobs).toHaveLength(1);
    expect(snapshot.blindSpots).toMatchObject([{ resource: "pods", namespace: null, reason: failure.reason }]);
  });

  test("what came before a list broke off is kept, under its blind spot", async () => {
    const snapshot = await collect(api({ pods: [page([named("a")]), page([{ fail: true }])] }), ask(["pods"]));
    expect(snapshot.pods).toHaveLength(1);
    expect(snapshot.blindSpots).toMatchObject([{ resource: "pods", reason: "Timeout" }]);
  });

  test("what ends every request ends the run", async () => {
    const fatal = new Failure(401, "Unauthorized", true);
    await expect(collect(api({ pods: fatal }), ask(["pods"]))).rejects.toBe(fatal);
    const bug = new TypeError("not of the server");
    await expect(collect(api({}, { version: () => Promise.reject(bug) }), ask(["pods"]))).rejects.toBe(bug);
  });

  test("facts that may not be read are null", async () => {
    const denied = (): Promise<never> => Promise.reject(forbidden);
    const snapshot = await collect(api({}, { get: denied, whoami: denied, version: denied }), ask(["pods"]));
    expect(snapshot.metadata).toMatchObject({ user: null, cluster: { uid: null, version: null } });
    expect(snapshot.blindSpots).toEqual([]);
  });

  test("a list that began again holds nothing of its first try, and says so", async () => {
    const server = api({ pods: [page([named("gone"), named("a")]), page([named("a")], true), page([named("b")])] });
    const snapshot = await collect(server, ask(["pods"]));
    expect(snapshot.pods.map(({ meta }) => meta.name)).toEqual(["a", "b"]);
    expect(snapshot.notes.join("\n")).toContain("the list of pods was begun again");
  });
});

test("owned objects are listed before their owners, and at most four lists run at once", async () => {
  const many = [page(Array.from({ length: 20 }, (_, i) => named(`n${String(i)}`, null)))];
  const server = api({ namespaces: many, pods: forbidden, jobs: forbidden });
  await collect(server, ask(["cronjobs", "jobs", "pods", "roles", "clusterroles"]));
  expect(server.asked.lastIndexOf("pods@n19")).toBeLessThan(server.asked.indexOf("jobs"));
  expect(server.asked.lastIndexOf("jobs@n19")).toBeLessThan(server.asked.indexOf("cronjobs"));
  expect(server.most()).toBeLessThanOrEqual(4);
});

test("Secrets are asked for as metadata, and only when requested; the type comes from a second list", async () => {
  const tokens = "secrets?type=kubernetes.io/service-account-token";
  const server = api({ secrets: [page([named("t"), named("o")])], [tokens]: [page([named("t")])] });
  const snapshot = await collect(server, ask(["pods", "secrets"]));
  expect(snapshot.secrets.map(({ meta, type }) => [meta.name, type])).toEqual([
    ["o", null],
    ["t", "kubernetes.io/service-account-token"],
  ]);
  const without = api({});
  await collect(without, ask(["pods"]));
  expect(without.asked).toEqual(["pods"]);
});

test("a clock that differs by more than five seconds is noted, with its direction", async () => {
  const notes = async (skew: number): Promise<string[]> =>
    (await collect(api({}, { skewMs: () => skew }), ask(["pods"]))).notes;
  expect(await notes(4900)).toEqual([]);
  expect(await notes(12_000)).toEqual([expect.stringContaining("12 s behind the server's")]);
  expect(await notes(-12_000)).toEqual([expect.stringContaining("12 s ahead of the server's")]);
});

test("two captures with the pages in another order give the same records", async () => {
  const pods = ["a", "b", "c", "d"].map((name) => named(name));
  const records = async (order: Json[]): Promise<string> => {
    const target = new PassThrough({ highWaterMark: 1 << 20 });
    const server = api({ pods: order.map((item) => page([item])) });
    await writeSnapshot(await collect(server, ask(["pods"])), target, { compress: false });
    return String(target.read());
  };
  expect(await records([...pods].reverse())).toBe(await records(pods));
});

describe("Secrets whose values are compared", () => {
  const drawn = `7f3k2Q9x-${String(Math.trunc(Math.random() * 1e9))}`;
  const secret = (name: string, namespace: string, password = drawn): Json => ({
    ...named(name, namespace),
    type: "Opaque",
    data: { password: Buffer.from(password).toString("base64") },
  });
  const foo = (namespace: string): Json => ({
    ...named("p", namespace),
    spec: { containers: [{ name: "main", env: [{ name: "FOO", value: drawn }] }] },
  });
  const values = "secrets?type!=helm.sh/release.v1";
  const compared = { compareSecrets: true };

  test("are read before what may repeat them, and each as it was known before", async () => {
    const release = { ...named("release", "team"), type: null };
    const server = api({
      [values]: [page([secret("db", "other")])],
      secrets: [page([named("db", "other"), release])],
      pods: [page([foo("team")])],
    });
    const snapshot = await collect(server, ask(["pods", "jobs", "secrets"], compared));
    expect(server.asked).toEqual([values, "secrets", "pods", "jobs"]);
    expect(snapshot.pods[0]!.template.literals).toMatchObject([
      {
        name: "FOO",
        confidence: "certain",
        equals: { secrets: [{ namespace: "other", name: "db", key: "password" }] },
      },
    ]);
    expect(snapshot.secrets.map(({ meta, type }) => [meta.name, type])).toEqual([
      ["db", "Opaque"],
      ["release", null],
    ]);
    expect(snapshot.compared).toEqual({ secrets: 1, values: 1, left: [{ reason: "releases of Helm", values: 1 }] });
    expect(snapshot.notes).toEqual(["Secrets read and compared: 1, with 1 value; not compared: 1 (releases of Helm)"]);
  });

  test("come by namespace where the cluster's list is denied, and say what a denied one blinds", async () => {
    const server = api({
      namespaces,
      secrets: forbidden,
      "secrets@team": [page([named("db")])],
      [`secrets@team?${values.split("?")[1]!}`]: [page([secret("db", "team")])],
      "secrets@other": forbidden,
      pods: [page([foo("other")])],
    });
    const snapshot = await collect(server, ask(["pods", "secrets"], compared));
    expect(snapshot.pods[0]!.template.literals).toMatchObject([{ name: "FOO", equals: { more: 0 } }]);
    expect(snapshot.blindSpots).toMatchObject([
      {
        resource: "secrets",
        namespace: "other",
        reason: "Forbidden",
        blinds: ["which literals equal a value of a Secret", ...KINDS.secrets.blinds],
      },
    ]);
  });

  test("are forgotten where their list begins again", async () => {
    const [gone, there] = [secret("gone", "team"), secret("there", "team", "another-Q7x9k")];
    const server = api({ [values]: [page([gone]), page([there], true)], pods: [page([foo("team")])] });
    const snapshot = await collect(server, ask(["pods", "secrets"], compared));
    expect(snapshot.pods[0]!.template.literals).toEqual([]);
    expect(snapshot.compared).toMatchObject({ secrets: 1, values: 1 });
  });

  test("are of one namespace with -n", async () => {
    const server = api({});
    await collect(server, ask(["pods", "secrets"], { ...compared, namespace: "team" }));
    expect(server.asked).toEqual([`secrets@team?${values.split("?")[1]!}`, "secrets@team", "pods@team"]);
  });
});
