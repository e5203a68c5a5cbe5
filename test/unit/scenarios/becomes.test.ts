import { expect, test } from "vitest";
import type { SubjectRef } from "../../../src/model/report.ts";
import { asAnother, becomes } from "../../../src/scenarios/assess/becomes.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import { cronJob, forbidden } from "../batch/objects.ts";
import { account, seen } from "../exposure/objects.ts";
import { group, rule, sa, user } from "../rbac/fixture.ts";
import { ALL, everywhere, granted, within, type Grant } from "../rbac/grants.ts";

const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const backup: SubjectRef = { kind: "ServiceAccount", namespace: "database", name: "backup" };

function contextOf(grants: Grant[], from: SubjectRef[] = [alice], more: Parameters<typeof seen>[1] = {}) {
  const { roles, rolebindings, clusterroles, clusterrolebindings } = granted(grants);
  const serviceaccounts = [account("backup"), account("default")];
  const rights = { roles, rolebindings, clusterroles, clusterrolebindings, serviceaccounts };
  return assessContext(seen([cronJob("backup")], { ...rights, ...more }), from, () => true);
}

const dev = (verbs: string, resources: string, names: string[] = []): Grant =>
  within("database", user("alice"), rule(verbs, resources, names));

test.each<[string, Grant, string]>([
  ["impersonation", everywhere(user("alice"), rule("impersonate", "users", ["bob"])), "impersonate users"],
  ["tokens", dev("create", "serviceaccounts/token"), "create serviceaccounts/token"],
  ["pods", dev("create", "pods"), "create pods"],
  ["a run that is still to come", dev("create", "pods/exec"), "create pods/exec"],
  ["every right", everywhere(user("alice"), ALL), "every verb on every resource"],
  ["every Secret", everywhere(user("alice"), rule("list", "secrets")), "list secrets"],
  ["a group", everywhere(group("dev"), rule("create", "pods")), "create pods"],
])("somebody becomes another by %s", (_, grant, way) => {
  const found = becomes(contextOf([grant], [alice, { kind: "Group", namespace: null, name: "dev" }]));
  expect(found).toContain(`${way} by `);
});

test.each<[string, Grant[]]>([
  ["no right", []],
  ["reads of one namespace", [dev("get,list", "pods,secrets")]],
  ["rights over nobody", [within("empty", user("alice"), rule("create", "pods/exec"))]],
])("nobody becomes another by %s", (_, grants) => {
  const context = contextOf(grants);
  expect(becomes(context)).toBeNull();
  expect(asAnother(context)).toEqual([]);
});

test("to take one's own token is to stay who one is", () => {
  const grants = [within("database", sa("backup", "database"), rule("create", "serviceaccounts/token", ["backup"]))];
  expect(becomes(contextOf(grants, [backup]))).toBeNull();
});

test("nobody is replayed from where there is no position", () => {
  expect(becomes(contextOf([], []))).toBeNull();
});

test("what was not seen of where rights lead may be another", () => {
  const grants = [within("empty", user("alice"), rule("create", "pods/exec"))];
  expect(asAnother(contextOf(grants, [alice], { blindSpots: [forbidden("pods", null)] }))).not.toEqual([]);
});

test("system:masters is everybody", () => {
  const masters: SubjectRef = { kind: "Group", namespace: null, name: "system:masters" };
  expect(becomes(contextOf([], [alice, masters]))).toContain("system:masters");
});
