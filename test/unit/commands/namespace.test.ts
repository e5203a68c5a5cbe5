import { expect, test } from "vitest";
import { ApiError } from "../../../src/cluster/errors.ts";
import { namespaceExists, noSuchNamespace } from "../../../src/commands/namespace.ts";
import type { Api } from "../../../src/model/api.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { meta, snapshot } from "../rbac/fixture.ts";

const names = (...all: string[]): Snapshot["namespaces"] =>
  all.map((name) => ({ kind: "Namespace", meta: meta(null, name) }));
const part = (namespaces: string[], rest: Partial<Snapshot>): Snapshot => {
  const base = snapshot(rest);
  return { ...base, metadata: { ...base.metadata, scope: { namespaces } } };
};

/** Answers a get of the namespace as the API server does. */
function answering(status: number, message: string, asked: string[] = []): Api {
  const get = (path: string) => {
    asked.push(path);
    if (status === 200) return Promise.resolve({});
    return Promise.reject(new ApiError({ status, message, reason: "NotFound", next: "" }));
  };
  return { get } as unknown as Api;
}

test("a namespace that holds something exists, and nobody is asked", async () => {
  const asked: string[] = [];
  const held = snapshot({ roles: [{ meta: meta("a", "r") }] as unknown as Snapshot["roles"] });
  expect(await namespaceExists(held, "a", answering(404, "", asked))).toBe(true);
  expect(asked).toEqual([]);
});

test("of one that holds nothing the server says whether it is there, and only its own words count", async () => {
  const asked: string[] = [];
  expect(await namespaceExists(snapshot(), "a", answering(200, "", asked))).toBe(true);
  expect(asked).toEqual(["/api/v1/namespaces/a"]);
  const missing = 'Error from server (NotFound): namespaces "a" not found';
  expect(await namespaceExists(snapshot(), "a", answering(404, missing))).toBe(false);
  expect(
    await namespaceExists(snapshot(), "a", answering(404, "Error from server (NotFound): no such path")),
  ).toBeNull();
  expect(await namespaceExists(snapshot(), "a", answering(403, "Forbidden"))).toBeNull();
  expect(noSuchNamespace("a", true).message).toBe(missing);
});

test("a file of the whole cluster proves that a namespace was not there; any other file proves nothing", async () => {
  const listed = { namespaces: names("a", "b") };
  expect(await namespaceExists(snapshot(listed), "b")).toBe(true);
  expect(await namespaceExists(snapshot(listed), "c")).toBe(false);
  expect(await namespaceExists(part(["a"], listed), "c")).toBeNull();
  expect(await namespaceExists(snapshot({ ...listed, source: "dump" }), "c")).toBeNull();
  expect(await namespaceExists(snapshot({ ...listed, collected: ["pods"] }), "c")).toBeNull();
});
