import { expect, test } from "vitest";
import { below, indexOwned, type Owned } from "../../../src/cleanup/plan/tree.ts";

const owned = (uid: string, ...owners: string[]): Owned => ({
  object: { kind: "ConfigMap", namespace: "database", name: uid, uid },
  resource: { group: "", version: "v1", resource: "configmaps" },
  resourceVersion: "1",
  owners,
  finalizers: [],
  isProtected: false,
});
const found = (objects: Owned[]): string[] =>
  below({ uid: "job", namespace: "database" }, indexOwned(objects)).map(
    ({ owned: { object }, owner }) => `${object.name} by ${owner}`,
  );

test("owners come before what they own, each object once, by the first that leads to it", () => {
  expect(found([owned("a", "job"), owned("b", "a", "job"), owned("c", "job"), owned("d", "c", "b")])).toEqual([
    "a by job",
    "b by a",
    "d by b",
    "c by job",
  ]);
});

test("a ring ends", () => {
  expect(found([owned("a", "job", "b"), owned("b", "a"), owned("job", "b")])).toEqual(["a by job", "b by a"]);
});

test("a chain may be as long as there are objects", () => {
  const chain = Array.from({ length: 50_000 }, (_, i) => owned(`c${String(i)}`, i === 0 ? "job" : `c${String(i - 1)}`));
  expect(found(chain)).toHaveLength(50_000);
});
