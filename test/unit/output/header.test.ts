import { expect, test } from "vitest";
import type { BlindSpot, Metadata } from "../../../src/model/snapshot.ts";
import type { Report } from "../../../src/model/report.ts";
import { blindSpotLines, headerLine, nothingFound } from "../../../src/output/header.ts";

const metadata = (namespaces: string[] | null, user: string | null = "alice"): Metadata => ({
  takenAt: "2026-11-22T05:41:09Z",
  cluster: { server: "https://10.0.0.1:6443", version: "v1.36.4", uid: null },
  user,
  scope: { namespaces },
  tool: { version: "0" },
});

test.each([
  [null, "whole cluster"],
  [["a"], "namespace a"],
  [["a", "b"], "namespaces a, b"],
  [["a", "b", "c", "d", "e", "f", "g"], "7 namespaces (a, b, c, d, e and 2 more)"],
  [[], "no namespace"],
])("the first line names cluster, scope, user and moment: %j", (namespaces, scope) => {
  expect(headerLine({ metadata: metadata(namespaces) })).toBe(
    `Cluster https://10.0.0.1:6443 (v1.36.4), ${scope}, as alice, 2026-11-22 05:41:09 UTC`,
  );
});

test("a user that the server does not name is left out", () => {
  expect(headerLine({ metadata: metadata(null, null) })).not.toContain(" as ");
});

const spot = (resource: string, namespace: string | null, reason = "Forbidden", except: string[] = []): BlindSpot => ({
  ...{ verb: "list", group: "", resource, namespace, except, reason, message: "no" },
  blinds: [`what ${resource} say`],
});

test("blind spots are told once for a resource and reason, with what they make uncertain and the next step last", () => {
  const spots = [spot("pods", "a"), spot("pods", "b"), spot("roles", null), spot("jobs", "a", "Timeout")];
  expect(blindSpotLines(spots, "Next: x")).toEqual([
    "Not seen: pods in 2 namespaces (list: Forbidden); uncertain: what pods say",
    "Not seen: roles across the cluster (list: Forbidden); uncertain: what roles say",
    "Not seen: jobs in namespace a (list: Timeout); uncertain: what jobs say",
    "Next: x",
  ]);
  expect(blindSpotLines([], "Next: x")).toEqual([]);
});

test.each([
  ["StaleReport", ["x"], true, "No resources found in x namespace."],
  ["StaleReport", null, true, "No resources found."],
  ["TriageReport", ["x"], true, "No findings in x namespace."],
  ["ExposureReport", null, false, "No resources found among what could be seen."],
])(
  "an empty answer is told in kubectl's words, and is no all-clear when something was not seen: %s %j %s",
  (kind, namespaces, complete, text) => {
    expect(nothingFound({ kind, complete, metadata: metadata(namespaces) } as unknown as Report)).toBe(text);
  },
);

test("selectors that match no object are named, because a slip in them would read as an all-clear", () => {
  const report = { kind: "TriageReport", complete: true, metadata: metadata(["x"]) } as unknown as Report;
  expect(nothingFound(report, "-l app=typo")).toBe("No object matches -l app=typo in x namespace.");
});

test("a list that came for some namespaces only says outside which it did not", () => {
  const where = (except: string[]) => blindSpotLines([spot("pods", null, "Forbidden", except)], "Next: x")[0];
  expect(where(["team"])).toContain("Not seen: pods outside namespace team (list: Forbidden)");
  expect(where(["a", "b"])).toContain("Not seen: pods outside 2 namespaces (list: Forbidden)");
});
