import { expect, test } from "vitest";
import { howToSeeMore } from "../../../src/commands/next-step.ts";
import type { BlindSpot } from "../../../src/model/snapshot.ts";

const spot = (reason: string, namespace: string | null, resource = "pods"): BlindSpot => ({
  ...{ verb: "list", group: "", resource, namespace, except: [], reason, message: "m", blinds: [] },
});
const role = "ClusterRole cronaudit-stale (kubectl cronaudit explain cronaudit-stale)";

test.each([
  [[spot("Forbidden", null)], null, `Next: ask for ${role}, or narrow with -n.`],
  [[spot("Forbidden", "team")], "team", `Next: ask for ${role}.`],
  [[spot("Forbidden", null)], "team", `Next: ask for ${role}.`],
  [[spot("Forbidden", "team")], null, `Next: ask for ${role}.`],
  [[spot("Timeout", null)], null, "Next: try again; -v6 shows the requests, or narrow with -n."],
  [[spot("Timeout", "team")], "team", "Next: try again; -v6 shows the requests."],
  [
    [spot("NotInEvidence", null), spot("NotInEvidence", null, "jobs")],
    "team",
    "Next: add to the evidence what kubectl get pods,jobs -A -o json prints.",
  ],
  [
    [spot("NotInEvidence", null), spot("Unreadable", "a", "jobs")],
    null,
    "Next: add to the evidence what kubectl get pods -A -o json prints.",
  ],
  [[spot("Unreadable", "a")], null, "Next: correct the objects that the notes name, or capture the cluster itself."],
])("the next step is one that can help: %j with -n %s", (spots, namespace, expected) => {
  expect(howToSeeMore(spots, { verb: "stale", namespace })).toBe(expected);
});

test("where Secrets alone are refused, their own role is what to ask for", () => {
  expect(howToSeeMore([spot("Forbidden", null, "secrets")], { verb: "exposure", namespace: null })).toContain(
    "ClusterRole cronaudit-list-secrets",
  );
});

test("the triage's rights have its name", () => {
  expect(howToSeeMore([spot("Forbidden", "team")], { verb: "", namespace: null })).toContain("cronaudit-triage");
});
