import { expect, test } from "vitest";
import { inOne } from "../../../src/output/views/reasons.ts";

test.each([
  [["goes after 9 more runs"], "goes after 9 more runs"],
  [["the same", "the same"], "the same"],
  [["goes after 11 more runs", "goes after 9 more runs"], "goes after 9 to 11 more runs"],
  [["goes after 1 more successful run", "goes after 2 more successful runs"], "goes after 1 to 2 more successful runs"],
  [["with job/a-1: it has no TTL", "with job/a-2: it has no TTL"], "with its job: it has no TTL"],
  [["its job/a-1 decides, and when", "its job/a-2 decides, and when"], "its job decides, and when"],
])("%j are told as %j", (sentences, one) => {
  expect(inOne(sentences)).toBe(one);
});

test.each([
  [["it has no TTL", "TTL of 60 s"]],
  [["it has no TTL", "it has no owner"]],
  [["with job/a: x", "with pod/b: x"]],
  [["with job/a: x", "with job/b, x"]],
  [["after 3 runs", "after all runs"]],
])("%j are more than one", (sentences) => {
  expect(inOne(sentences)).toBeNull();
});
