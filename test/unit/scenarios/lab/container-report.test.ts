import { expect, test } from "vitest";
import { lastWordsOf, reportLines, statusBehind } from "../../../../src/scenarios/lab/container-report.ts";

test("a report that was cut, or that something else wrote into, gives the lines that are whole", () => {
  expect(reportLines('{"a":1}\n\nkilled\n[1]\n"x"\n{"b":{"c":2}}\n{"d":')).toEqual([{ a: 1 }, { b: { c: 2 } }]);
  expect(reportLines("")).toEqual([]);
});

test("last words are those of a container that has ended", () => {
  const pod = (state: unknown) => ({ status: { containerStatuses: [{ state }] } });
  expect(lastWordsOf(pod({ terminated: { exitCode: 3, message: "m" } }))).toEqual({ exitCode: 3, message: "m" });
  expect(lastWordsOf(pod({ terminated: {} }))).toEqual({ exitCode: null, message: "" });
  expect(lastWordsOf(pod({ running: {} }))).toBe(null);
  expect(lastWordsOf({})).toBe(null);
});

test("a failure that no server named has no status", () => {
  expect([statusBehind(0, ""), statusBehind(1, "Forbidden"), statusBehind(1, ""), statusBehind(null, "x")]).toEqual([
    200,
    403,
    null,
    null,
  ]);
  expect(statusBehind(1, "constructor")).toBe(null);
});
