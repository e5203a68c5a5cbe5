import { describe, expect, test } from "vitest";
import type { SubjectRef } from "../../../src/model/report.ts";
import { compareSubjects, identityOf, normalise, serviceAccountOf, subjectKey } from "../../../src/rbac/subjects.ts";
import { account } from "./fixture.ts";

const named = (kind: "User" | "Group", name: string): SubjectRef => ({ kind, namespace: null, name });

describe("groups that an identity is in", () => {
  test("a ServiceAccount is in its three groups and speaks under its user name", () => {
    expect(identityOf(account("a", "x"))).toEqual({
      name: "system:serviceaccount:a:x",
      groups: ["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"],
    });
  });

  test.each<[string, string[]]>([
    ["system:serviceaccounts:a", ["system:serviceaccounts:a", "system:serviceaccounts", "system:authenticated"]],
    ["system:serviceaccounts", ["system:serviceaccounts", "system:authenticated"]],
    ["system:authenticated", ["system:authenticated"]],
    ["system:unauthenticated", ["system:unauthenticated"]],
    ["devs", ["devs", "system:authenticated"]],
  ])("a member of %s", (group, groups) => {
    expect(identityOf(named("Group", group))).toEqual({ name: "", groups });
  });

  test("a user is authenticated, and only the anonymous one is not", () => {
    expect(identityOf(named("User", "alice")).groups).toEqual(["system:authenticated"]);
    expect(identityOf(named("User", "system:anonymous")).groups).toEqual(["system:unauthenticated"]);
  });
});

describe("a user name that is a ServiceAccount's", () => {
  test.each([
    ["system:serviceaccount:a:x", { namespace: "a", name: "x" }],
    ["system:serviceaccount:a:x.y-z", { namespace: "a", name: "x.y-z" }],
    ["system:serviceaccount:a", null],
    ["system:serviceaccount:a:x:y", null],
    ["system:serviceaccount::x", null],
    ["system:serviceaccount:a:", null],
    ["system:serviceaccount:A:x", null],
    ["system:serviceaccount:a.b:x", null],
    ["system:serviceaccounts:a:x", null],
    ["alice", null],
  ])("%s", (username, expected) => {
    expect(serviceAccountOf(username)).toEqual(expected);
  });

  test("becomes that ServiceAccount in reports; a Group of that name does not", () => {
    expect(normalise(named("User", "system:serviceaccount:a:x"))).toEqual(account("a", "x"));
    expect(normalise(named("Group", "system:serviceaccount:a:x")).kind).toBe("Group");
  });
});

describe("the subject of a binding (appliesToUser)", () => {
  const sa = (namespace: string | null) => ({ kind: "ServiceAccount", namespace, name: "x" });
  test.each([
    ["takes the RoleBinding's namespace where it has none", sa(null), "a", "user system:serviceaccount:a:x"],
    ["takes it for an empty namespace too", sa(""), "a", "user system:serviceaccount:a:x"],
    ["keeps its own namespace", sa("b"), "a", "user system:serviceaccount:b:x"],
    ["matches nobody in a ClusterRoleBinding without a namespace", sa(null), "", null],
    ["of an unknown kind matches nobody", { kind: "Robot", namespace: null, name: "x" }, "a", null],
    ["of a kind in lower case matches nobody", { kind: "user", namespace: null, name: "x" }, "a", null],
    ["with a namespace on a User ignores it", { kind: "User", namespace: "b", name: "x" }, "a", "user x"],
  ])("%s", (_, subject, namespace, key) => {
    expect(subjectKey(subject, namespace)).toBe(key);
  });
});

test("everyone sorts first, then groups, users and ServiceAccounts", () => {
  const sorted = [
    named("Group", "system:authenticated"),
    named("Group", "a"),
    named("User", "a"),
    account("a", "b"),
    account("b", "a"),
  ];
  expect(sorted.toReversed().sort(compareSubjects)).toEqual(sorted);
});
