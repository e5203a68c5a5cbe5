import { expect, test } from "vitest";
import { collectOwned } from "../../../src/cleanup/dependents.ts";
import type { Explorer, Json, ListOptions, ServedResource } from "../../../src/model/api.ts";
import { snapshot } from "../batch/objects.ts";

function kind(group: string, resource: string, more: Partial<ServedResource> = {}): ServedResource {
  const verbs = ["create", "delete", "get", "list", "watch"];
  return { group, version: "v1", resource, kind: resource, namespaced: true, verbs, ...more };
}

function object(name: string, owner: string | null, namespace = "database", more: Json = {}): Json {
  const ownerReferences = owner === null ? [] : [{ uid: owner }];
  return { metadata: { name, namespace, uid: `uid-${name}`, ownerReferences, ...more } };
}

class ApiError extends Error {
  override name = "ApiError";
  readonly reason = "Forbidden";
  readonly fatal: boolean;
  readonly status: number;
  constructor(status: number, fatal = false) {
    super("no");
    this.status = status;
    this.fatal = fatal;
  }
}

interface Given {
  kinds: ServedResource[];
  unseen?: string[];
  lists?: Record<string, Json[] | Error>;
}

/** An API server with these kinds and lists, `secrets` or `secrets in database`; what it was asked is in `asked`. */
function server({ kinds, unseen = [], lists = {} }: Given) {
  const asked: string[] = [];
  async function* list(_: string, __: string, resource: string, { namespace, as }: ListOptions) {
    await Promise.resolve();
    expect(as).toBe("metadata");
    const key = namespace === null ? resource : `${resource} in ${namespace}`;
    asked.push(key);
    const answer = lists[key] ?? [];
    if (answer instanceof Error) throw answer;
    yield { items: answer, resourceVersion: "1", restarted: false };
  }
  const discover = () => Promise.resolve({ resources: kinds, unseen });
  return { api: { list, discover } as unknown as Explorer, asked };
}

test("asks for what the garbage collector deletes: namespaced, with list, watch and delete, and no events", async () => {
  const { api, asked } = server({
    kinds: [
      kind("", "secrets"),
      kind("", "events"),
      kind("events.k8s.io", "events"),
      kind("", "bindings", { verbs: ["create"] }),
      kind("metrics.k8s.io", "pods", { verbs: ["get", "list"] }),
      kind("", "nodes", { namespaced: false }),
      kind("", "pods"),
      kind("batch", "jobs"),
      kind("batch", "cronjobs"),
    ],
    lists: { "secrets in database": [object("tmp", "uid-x"), object("free", null)] },
  });
  const { owned, blindSpots } = await collectOwned(api, ["database"], snapshot([]));
  expect(asked).toEqual(["secrets in database"]);
  expect(owned.map(({ object: { name }, owners }) => [name, owners])).toEqual([["tmp", ["uid-x"]]]);
  expect(blindSpots).toEqual([]);
});

test("lists pods and Jobs where the evidence does not hold them all", async () => {
  const { api, asked } = server({ kinds: [kind("", "pods"), kind("batch", "jobs")] });
  await collectOwned(api, ["database"], snapshot([], { collected: ["jobs"] }));
  expect(asked).toEqual(["pods in database"]);
});

test("many namespaces are asked at once, and each by itself where that is refused", async () => {
  const namespaces = ["a", "b", "c", "d"];
  const whole = server({
    kinds: [kind("", "secrets")],
    lists: { secrets: [object("x", "o", "b"), object("y", "o", "z")] },
  });
  const { owned } = await collectOwned(whole.api, namespaces, snapshot([]));
  expect(whole.asked).toEqual(["secrets"]);
  expect(owned.map((one) => one.object.name)).toEqual(["x"]);

  const refused = server({
    kinds: [kind("", "secrets")],
    lists: { secrets: new ApiError(403), "secrets in b": [object("x", "o", "b")], "secrets in c": new ApiError(403) },
  });
  const narrow = await collectOwned(refused.api, namespaces, snapshot([]));
  expect(refused.asked).toEqual(["secrets", ...namespaces.map((one) => `secrets in ${one}`)]);
  expect(narrow.owned.length).toBe(1);
  expect(narrow.blindSpots.map(({ resource, namespace }) => [resource, namespace])).toEqual([["secrets", "c"]]);
});

test("what may not be listed, and what has no answer, is a blind spot; what is gone is none", async () => {
  const { api } = server({
    kinds: [kind("", "secrets"), kind("example.com", "widgets"), kind("example.com", "gone")],
    unseen: ["down.example.com/v1"],
    lists: { "secrets in database": new ApiError(403), "gone in database": new ApiError(404) },
  });
  const { blindSpots } = await collectOwned(api, ["database"], snapshot([]));
  expect(blindSpots).toMatchObject([
    { resource: "kinds of down.example.com/v1", namespace: null, reason: "ServiceUnavailable" },
    { verb: "list", group: "", resource: "secrets", namespace: "database", reason: "Forbidden" },
  ]);
});

test("the protect annotation and finalizers are told, values never", async () => {
  const annotations = { "cronaudit/protect": "", other: "value" };
  const { api } = server({
    kinds: [kind("", "secrets")],
    lists: { "secrets in database": [object("tmp", "o", "database", { annotations, finalizers: ["example.com/x"] })] },
  });
  const { owned } = await collectOwned(api, ["database"], snapshot([]));
  expect(owned).toMatchObject([{ isProtected: true, finalizers: ["example.com/x"] }]);
  expect(JSON.stringify(owned)).not.toContain("value");
});

test("nothing is asked where nothing may be deleted, and what ends every request is thrown", async () => {
  const { api, asked } = server({ kinds: [kind("", "secrets")] });
  expect(await collectOwned(api, [], snapshot([]))).toEqual({ owned: [], blindSpots: [] });
  expect(asked).toEqual([]);
  const broken = server({ kinds: [kind("", "secrets")], lists: { "secrets in database": new ApiError(401, true) } });
  await expect(collectOwned(broken.api, ["database"], snapshot([]))).rejects.toThrow("no");
});
