import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import {
  account,
  bind,
  bindCluster,
  clusterRole,
  CREATED,
  group,
  meta,
  role,
  rule,
  sa,
  selection,
  serviceAccount,
  snapshot,
  user,
} from "./fixture.ts";

function report(parts: Partial<Snapshot>, selected: Partial<Selection> = {}) {
  return accessReport(snapshot(parts), selection(selected));
}

function itemOf(parts: Partial<Snapshot>, subject: SubjectRef) {
  return report(parts, { subjects: [subject] }).items[0]!;
}

const backup = account("database", "backup");
const bound = (...rules: PolicyRule[]) => ({
  roles: [role("database", "r", rules)],
  rolebindings: [bind("database", "rb", "Role/r", [sa("backup")])],
});

describe("reach", () => {
  test("of a ClusterRoleBinding is the cluster, of a RoleBinding its namespace, of names those Secrets", () => {
    const clusterroles = [clusterRole("r", [rule("get", "secrets")])];
    const whole = {
      clusterroles,
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [sa("backup", "database")])],
    };
    expect(itemOf(whole, backup).reach).toEqual({ cluster: true, namespaces: [], secrets: [] });
    const namespaced = {
      clusterroles,
      rolebindings: [bind("payments", "rb", "ClusterRole/r", [sa("backup", "database")])],
    };
    expect(itemOf(namespaced, backup).reach).toEqual({ cluster: false, namespaces: ["payments"], secrets: [] });
    expect(itemOf(bound(rule("get", "secrets", ["db", "api"])), backup).reach.secrets).toEqual([
      { namespace: "database", name: "api" },
      { namespace: "database", name: "db" },
    ]);
  });

  test("of names in a ClusterRoleBinding is those Secrets in every namespace", () => {
    const parts = {
      namespaces: ["a", "b"].map((name) => ({ kind: "Namespace" as const, meta: meta(null, name) })),
      clusterroles: [clusterRole("r", [rule("get", "secrets", ["db"])])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [sa("backup", "database")])],
    };
    const { reach, ways } = itemOf(parts, backup);
    expect(reach.secrets).toEqual(["a", "b"].map((namespace) => ({ namespace, name: "db" })));
    expect(ways[0]?.note).toBe("in every namespace, later ones too");
  });

  test("leaves out names that no Secret can have, the star among them", () => {
    expect(itemOf(bound(rule("get", "secrets", ["*", "DB", "db", "a/b", ""])), backup).reach.secrets).toEqual([
      { namespace: "database", name: "db" },
    ]);
  });

  test("says a whole namespace once, without the Secrets that are also named in it", () => {
    expect(itemOf(bound(rule("list", "secrets"), rule("get", "secrets", ["db"])), backup).reach).toEqual({
      cluster: false,
      namespaces: ["database"],
      secrets: [],
    });
  });

  test('resourceNames [""] lists the whole namespace', () => {
    expect(itemOf(bound(rule("list", "secrets", [""])), backup).reach.namespaces).toEqual(["database"]);
    expect(itemOf(bound(rule("get", "secrets", [""])), backup).reach.namespaces).toEqual([]);
  });

  test("holds what escalation adds, apart from what is read directly", () => {
    const { reach, direct, ways } = itemOf(bound(rule("create", "pods"), rule("get", "secrets", ["db"])), backup);
    expect([reach, direct]).toEqual([
      { cluster: false, namespaces: ["database"], secrets: [] },
      { cluster: false, namespaces: [], secrets: [{ namespace: "database", name: "db" }] },
    ]);
    expect(ways.filter(({ effect }) => effect !== "maybe").map(({ edge }) => edge)).toEqual([
      "pods-create",
      "secrets-get",
    ]);
  });

  test("of system:masters is everything, without a binding", () => {
    const { reach, ways } = itemOf({}, { kind: "Group", namespace: null, name: "system:masters" });
    expect(reach.cluster).toBe(true);
    expect(ways[0]?.chain).toEqual([{ kind: "Group", namespace: null, name: "system:masters" }]);
  });
});

describe("ways", () => {
  test("give binding, role and rule, and since when they are proved", () => {
    expect(itemOf(bound(rule("get", "nodes"), rule("list", "secrets")), backup).ways).toEqual([
      {
        edge: "secrets-list",
        edges: ["secrets-list"],
        effect: "read",
        scope: { cluster: false, namespaces: ["database"], secrets: [] },
        leadsTo: [],
        chain: [
          { kind: "RoleBinding", namespace: "database", name: "rb" },
          { kind: "Role", namespace: "database", name: "r", rule: 1 },
        ],
        provedSince: CREATED,
        verified: null,
        note: null,
      },
    ]);
  });

  test("the shortest chain comes first, then the widest scope", () => {
    const roles = [role("database", "r", [rule("get", "secrets", ["db"])])];
    const clusterroles = [clusterRole("all", [rule("list", "secrets")])];
    const parts = {
      roles,
      clusterroles,
      rolebindings: [
        bind("database", "a-named", "Role/r", [sa("backup")]),
        bind("database", "b-whole", "ClusterRole/all", [sa("backup")]),
      ],
      clusterrolebindings: [bindCluster("c-cluster", "ClusterRole/all", [sa("backup", "database")])],
    };
    expect(itemOf(parts, backup).ways.map(({ chain }) => chain[0]?.name)).toEqual(["c-cluster", "b-whole", "a-named"]);
  });

  test("say by which group they match, and no group where the account itself is named", () => {
    const roles = [role("database", "r", [rule("list", "secrets")])];
    const through = (...subjects: Parameters<typeof bind>[3]) =>
      itemOf(
        {
          roles,
          rolebindings: [bind("database", "rb", "Role/r", subjects)],
          serviceaccounts: [serviceAccount("database", "backup")],
        },
        backup,
      ).ways.map(({ note }) => note);
    expect(through(group("system:serviceaccounts:database"))).toEqual([
      "as a member of system:serviceaccounts:database",
    ]);
    expect(through(group("system:authenticated"))).toEqual(["as a member of system:authenticated"]);
    expect(through(group("system:authenticated"), sa("backup"))).toEqual([null]);
    expect(through(user("system:serviceaccount:database:backup"))).toEqual([null]);
  });

  test("a get without a list needs the name; a named list needs the field selector", () => {
    const notes = (...rules: PolicyRule[]) =>
      itemOf(bound(...rules), backup).ways.map(({ edge, note }) => [edge, note]);
    expect(notes(rule("get", "secrets"))).toEqual([["secrets-get", "the name must be known"]]);
    expect(notes(rule("get,list", "secrets"))).toEqual([
      ["secrets-get", null],
      ["secrets-list", null],
    ]);
    expect(notes(rule("get,watch", "secrets", ["db"]))).toEqual([
      ["secrets-get", null],
      ["secrets-watch", "only with fieldSelector metadata.name"],
    ]);
  });

  test("doubled rules give one item that lists both", () => {
    const { reach, ways } = itemOf(bound(rule("list", "secrets"), rule("list", "secrets")), backup);
    expect(reach.namespaces).toEqual(["database"]);
    expect(ways.map(({ chain }) => chain[1]?.rule)).toEqual([0, 1]);
  });
});
