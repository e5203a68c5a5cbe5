import { describe, expect, test } from "vitest";
import { ApiError } from "../../../../src/cluster/errors.ts";
import type { Json, Page } from "../../../../src/model/api.ts";
import { nameOf, objectPath } from "../../../../src/scenarios/lab/kinds.ts";
import type { Made } from "../../../../src/scenarios/lab/make.ts";
import { labelsOf, namespacesOf } from "../../../../src/scenarios/lab/names.ts";
import { teardown, type Torn } from "../../../../src/scenarios/lab/teardown.ts";

const run = "r0badcafe";
const { namespace } = namespacesOf(run);

const object = (kind: string, name: string): Made["object"] =>
  nameOf({ apiVersion: "v1", kind, metadata: kind === "Namespace" ? { name } : { name, namespace } });
const failure = (status: number): ApiError =>
  new ApiError({ status, reason: `HTTP ${String(status)}`, message: `no: ${String(status)}`, next: "" });

/** A server that has these objects, by path; `refuses` answers a deletion otherwise. A namespace goes after some looks. */
function server(
  has: Record<string, { uid: string; labels?: Record<string, string> }>,
  refuses: Record<string, number> = {},
  holds: Record<string, Json[]> = {},
) {
  const objects = new Map(Object.entries(has));
  const deleted: string[] = [];
  let clock = 0;
  let looks = 0;
  return {
    deleted,
    api: {
      get(path: string): Promise<Json> {
        const metadata = objects.get(path);
        if (deleted.includes(path) && ++looks > 2) objects.delete(path);
        return metadata === undefined ? Promise.reject(failure(404)) : Promise.resolve({ metadata });
      },
      remove(path: string, { uid }: { uid: string }): Promise<Json> {
        if (refuses[path] !== undefined) return Promise.reject(failure(refuses[path]));
        const there = objects.get(path);
        if (there === undefined) return Promise.reject(failure(404));
        if (there.uid !== uid) return Promise.reject(failure(409));
        deleted.push(path);
        if (!/namespaces\/[^/]+$/.test(path)) objects.delete(path);
        return Promise.resolve({});
      },
      async *list(_group: string, _version: string, resource: string): AsyncGenerator<Page> {
        const unlisted = refuses[resource];
        if (unlisted !== undefined) throw failure(unlisted);
        yield await Promise.resolve({ items: holds[resource] ?? [], resourceVersion: "1", restarted: false });
      },
    },
    ...{ run, patience: 5, reached: () => Promise.resolve(), now: () => new Date(clock) },
    sleep: (milliseconds: number) => Promise.resolve(void (clock += milliseconds)),
  };
}

const [ns, first, second] = [object("Namespace", namespace), object("Secret", "first"), object("ConfigMap", "second")];
const made: Made[] = [
  { object: ns, uid: "n" },
  { object: first, uid: "1" },
  { object: second, uid: "2" },
];
const all = { [objectPath(ns)]: { uid: "n" }, [objectPath(first)]: { uid: "1" }, [objectPath(second)]: { uid: "2" } };
const brief = ({ deleted, alreadyGone, notOurs, failed }: Torn): unknown[] => [
  deleted,
  alreadyGone,
  notOurs.length,
  failed.length,
];

describe("a teardown", () => {
  test("deletes the last first, namespaces at the end, and waits for them", async () => {
    const there = server(all);
    expect(brief(await teardown(made, there))).toEqual([3, 0, 0, 0]);
    expect(there.deleted).toEqual([second, first, ns].map(objectPath));
    await expect(there.api.get(objectPath(ns))).rejects.toMatchObject({ status: 404 });
  });

  test("takes what is gone for done, and leaves alone what has taken its name", async () => {
    const there = server({ ...all, [objectPath(first)]: { uid: "another" }, [objectPath(second)]: undefined! });
    expect(brief(await teardown(made, there))).toEqual([1, 1, 1, 0]);
    expect(there.deleted).toEqual([objectPath(ns)]);
  });

  test.each([403, 500, 503, 422])("goes on after %d", async (status) => {
    const there = server(all, { [objectPath(second)]: status });
    const torn = await teardown(made, there);
    expect(brief(torn)).toEqual([2, 0, 0, 1]);
    expect(torn.failed[0]).toEqual({ object: second, because: `no: ${String(status)}` });
  });

  test("counts for gone what could not be deleted and went with its namespace", async () => {
    const there = server(all, { [objectPath(second)]: 500 });
    const { api } = there;
    const get = (path: string): Promise<Json> =>
      path === objectPath(second) && there.deleted.includes(objectPath(ns))
        ? Promise.reject(failure(404))
        : api.get(path);
    expect(brief(await teardown(made, { ...there, api: { ...api, get } }))).toEqual([2, 1, 0, 0]);
  });

  test("waits for a namespace that is being deleted already", async () => {
    const there = server(all, { [objectPath(ns)]: 409 });
    const torn = await teardown(made, there);
    expect(torn.failed.map(({ because }) => because)).toEqual(["it was still there 5 seconds after its deletion"]);
  });

  test("of an intent without an answer takes what carries the run's label", async () => {
    const begun: Made[] = [
      { object: first, uid: null },
      { object: second, uid: null },
    ];
    const there = server({
      [objectPath(first)]: { uid: "1", labels: labelsOf(run) },
      [objectPath(second)]: { uid: "2" },
    });
    expect(brief(await teardown(begun, there))).toEqual([1, 0, 1, 0]);
    expect(there.deleted).toEqual([objectPath(first)]);
    expect(brief(await teardown(begun, server({})))).toEqual([0, 2, 0, 0]);
  });
});

describe("a namespace with what the run did not make", () => {
  const held = (name: string, more: Json = {}): Json => ({ metadata: { name, uid: name, ...more } });

  test("stays, and that is named", async () => {
    const there = server(all, {}, { configmaps: [held("notes")] });
    const torn = await teardown(made, there);
    expect(brief(torn)).toEqual([2, 0, 1, 1]);
    expect(torn.notOurs).toEqual([`ConfigMap notes in ${namespace} is none of the run's, and was left alone`]);
    expect(torn.failed[0]).toMatchObject({ object: ns, because: expect.stringContaining("ConfigMap notes") as string });
    expect(there.deleted).not.toContain(objectPath(ns));
  });

  test.each<[string, Record<string, Json[]>]>([
    ["the run's label", { configmaps: [held("a", { labels: labelsOf(run) })] }],
    ["Kubernetes' own", { serviceaccounts: [held("default")], configmaps: [held("kube-root-ca.crt")] }],
    ["owned by an object of the run that is gone", { pods: [held("p", { ownerReferences: [{ uid: "2" }] })] }],
    [
      "owned by what is owned",
      {
        secrets: [held("s", { ownerReferences: [{ uid: "p" }] })],
        pods: [held("p", { ownerReferences: [{ uid: "2" }] })],
      },
    ],
    [
      "a token of an account of the run",
      { secrets: [held("t", { annotations: { "kubernetes.io/service-account.uid": "1" } })] },
    ],
  ])("goes where it is %s", async (_, holds) => {
    expect(brief(await teardown(made, server(all, {}, holds)))).toEqual([3, 0, 0, 0]);
  });

  test("stays for what another run left in it, and for what is owned by nobody of the run", async () => {
    for (const more of [{ labels: labelsOf("r00000001") }, { ownerReferences: [{ uid: "x" }] }])
      expect(brief(await teardown(made, server(all, {}, { pods: [held("p", more)] })))).toEqual([2, 0, 1, 1]);
  });

  test("goes where a kind may not be listed, and stays where a list failed otherwise", async () => {
    expect(brief(await teardown(made, server(all, { secrets: 403 })))).toEqual([3, 0, 0, 0]);
    const torn = await teardown(made, server(all, { secrets: 500 }));
    expect(torn.failed).toEqual([{ object: ns, because: "what stands in it cannot be told: no: 500" }]);
  });
});

test("a server that does not answer any more is not asked for each of hundreds of objects", async () => {
  let asked = 0;
  const silence = (): Promise<never> => {
    asked += 1;
    return Promise.reject(new ApiError({ status: null, reason: "Timeout", message: "no answer", next: "" }));
  };
  const many = Array.from({ length: 300 }, (_, at) => ({
    object: object("Secret", `s-${String(at)}`),
    uid: String(at),
  }));
  const deaf = { ...server({}), api: { get: silence, remove: silence, list: () => silent(silence) } };
  const torn = await teardown([{ object: ns, uid: "n" }, ...many], deaf);
  expect(torn.failed).toHaveLength(301);
  expect(torn.failed.every(({ because }) => because.includes("no answer"))).toBe(true);
  expect(asked).toBe(3);
});

/** A list whose first page does not come. */
async function* silent(ask: () => Promise<never>): AsyncGenerator<Page> {
  yield await ask();
}
