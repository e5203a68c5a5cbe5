import { expect, test } from "vitest";
import { CommandError } from "../../../src/cli/errors.ts";
import { narrow } from "../../../src/commands/narrow.ts";
import type { BlindSpot, Snapshot } from "../../../src/model/snapshot.ts";
import { whatIsSeen } from "../../../src/scope/seen.ts";
import { bind, meta, role, rule, sa, snapshot } from "../rbac/fixture.ts";

const ROLES = ["roles", "rolebindings"] as const;

function evidence(parts: Partial<Snapshot> = {}): Snapshot {
  const names = ["a", "b"];
  return snapshot({
    namespaces: names.map((name) => ({ kind: "Namespace", meta: meta(null, name) })),
    roles: names.map((namespace) => role(namespace, "reader", [rule("get", "secrets")])),
    rolebindings: names.map((namespace) => bind(namespace, "reader", "Role/reader", [sa("x", "a")])),
    ...parts,
  });
}

test("what is in the namespace stays, and of the kinds that go beyond it everything", () => {
  expect(narrow(evidence(), "a").rolebindings.map(({ meta }) => meta.namespace)).toEqual(["a"]);
  const wide = narrow(evidence(), "a", ROLES);
  expect(wide.rolebindings.map(({ meta }) => meta.namespace)).toEqual(["a", "b"]);
  expect(wide.metadata.scope.namespaces).toEqual(["a"]);
  expect(wide.namespaces.map(({ meta }) => meta.name)).toEqual(["a", "b"]);
  const seen = whatIsSeen(wide);
  expect([seen("roles", "b"), seen("pods", "b")]).toEqual([null, expect.stringContaining("not looked at")]);
});

test("evidence of some namespaces does not come to speak for the others", () => {
  const base = evidence();
  const part = { ...base, metadata: { ...base.metadata, scope: { namespaces: ["a", "b"] } } };
  const wide = narrow(part, "a", ROLES);
  expect(wide.rolebindings).toHaveLength(2);
  expect(whatIsSeen(wide)("rolebindings", "c")).not.toBeNull();
  expect(() => narrow(part, "c")).toThrow(CommandError);
});

test("blind spots stay where they hide something of the namespace, or of a kind that goes beyond it", () => {
  const spot = (resource: string, namespace: string | null, except: string[] = []): BlindSpot => ({
    ...{ verb: "list", group: "", resource, namespace, except, reason: "Forbidden", message: "no", blinds: [] },
  });
  const blindSpots = [spot("pods", "b"), spot("pods", null, ["a"]), spot("jobs", null), spot("rolebindings", "b")];
  const left = (kinds: typeof ROLES | []) => narrow(evidence({ blindSpots }), "a", kinds).blindSpots;
  expect(left([]).map(({ resource }) => resource)).toEqual(["jobs"]);
  expect(left(ROLES).map(({ resource }) => resource)).toEqual(["jobs", "rolebindings"]);
});
