import { expect, test } from "vitest";
import type { StaleReport } from "../../../src/model/report.ts";
import { pathSteps, sortItems } from "../../../src/output/sort.ts";

test.each([
  ["x.y", ["x", "y"]],
  [".x.y", ["x", "y"]],
  ["{x.y}", ["x", "y"]],
  ["{.x.y}", ["x", "y"]],
  ["{$.x[0].y}", ["x", "0", "y"]],
  ["x..y", null],
  ["{.x", null],
  ["{range .x}", null],
  ["", null],
  ["x[*]", null],
])("kubectl's spellings of a simple path: %s", (path, steps) => {
  expect(pathSteps(path)).toEqual(steps);
});

const report = (...values: unknown[]): StaleReport =>
  ({ kind: "StaleReport", items: values.map((value, at) => ({ at, deep: { value } })) }) as unknown as StaleReport;
const order = (...values: unknown[]): unknown[] | undefined =>
  sortItems(report(...values), ["deep", "value"])?.items.map((item) => (item as unknown as { at: number }).at);

test("numbers sort by size, text as text, and what has no value comes last", () => {
  expect(order(10, 9, 100)).toEqual([1, 0, 2]);
  expect(order("b", null, "a")).toEqual([2, 0, 1]);
  expect(order("2026-01-02T00:00:00Z", "2025-12-31T00:00:00Z")).toEqual([1, 0]);
});

test("equal items stay as they were", () => {
  expect(order(1, 1, 1)).toEqual([0, 1, 2]);
});

test("a field that no item has is told apart from an empty list", () => {
  expect(sortItems(report(1), ["nope"])).toBeNull();
  expect(sortItems(report(1), ["toString"])).toBeNull();
  expect(sortItems(report(), ["nope"])?.items).toEqual([]);
});
