import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import { account, bind, bindCluster, role, rule, sa, selection, snapshot } from "./fixture.ts";

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

describe("ineffective", () => {
  const whys = (...rules: PolicyRule[]) =>
    itemOf(bound(...rules), backup).ineffective.map(({ state, why }) => [state, why]);

  test.each<[string, PolicyRule, RegExp]>([
    ["secrets/*", rule("get", "secrets/*"), /"secrets\/\*" matches nothing/],
    ["pods/*", rule("create", "pods/*"), /"pods\/\*" matches nothing/],
    ["a subresource of Secrets", rule("get", "secrets/data"), /Secrets have no subresources/],
    ["Secrets in capitals", rule("get", "Secrets"), /letter by letter/],
    ["the singular", rule("get", "secret"), /letter by letter/],
    ["the wrong group", rule("list", "secrets", [], ["v1"]), /this rule names "v1"/],
    ["a verb in capitals", rule("GET", "secrets"), /verb "GET" matches nothing/],
    ["a verb with a star", rule("list*", "secrets"), /verb "list\*" matches nothing/],
    ["resourceNames *", rule("get", "secrets", ["*"]), /names have no wildcards/],
    ["an impossible name beside a good one", rule("get", "secrets", ["db", "DB"]), /no Secret can have it/],
    ["exec with resourceNames *", rule("create", "pods/exec", ["*"]), /names have no wildcards/],
    ["a create with names", rule("create", "pods", ["p"]), /a create carries no name/],
    [
      "a deletecollection with names",
      rule("deletecollection", "secrets", ["db"]),
      /a deletecollection carries no name/,
    ],
    ['get with resourceNames [""]', rule("get", "secrets", [""]), /a get always carries a name/],
  ])("%s is named with its reason", (_, dead, why) => {
    expect(whys(rule("get", "configmaps"), dead)).toEqual([["ineffective", expect.stringMatching(why)]]);
  });

  test.each<[string, PolicyRule]>([
    ["an honest read", rule("get,list,watch", "secrets")],
    ["everything", rule("*", "*", [], ["*"])],
    ["a right to create", rule("create", "secrets")],
    ["names", rule("get,list", "secrets", ["db"])],
    ["another API's secrets", rule("get", "secrets,secrets/status", [], ["secretsmanager.aws.upbound.io"])],
    ["*/log", rule("get", "*/log")],
    ["resources without Secrets", rule("GET", "pods")],
    ["a signer's domain", rule("approve", "signers", ["kubernetes.io/*"], ["certificates.k8s.io"])],
    ["a create under names that patch goes with", rule("create,patch", "configmaps", ["p"])],
    ["a token for named accounts", rule("create", "serviceaccounts/token", ["ci"])],
    ["a create that may have no name", rule("create", "pods", ["", "p"])],
  ])("%s is not", (_, good) => {
    expect(whys(good).filter(([state]) => state === "ineffective")).toEqual([]);
  });

  test("a missing role is latent", () => {
    const parts = { rolebindings: [bind("database", "rb", "Role/gone", [sa("backup")])] };
    expect(itemOf(parts, backup).ineffective).toEqual([
      {
        state: "latent",
        chain: [
          { kind: "RoleBinding", namespace: "database", name: "rb" },
          { kind: "Role", namespace: "database", name: "gone" },
        ],
        why: "Role gone does not exist; once somebody creates it, its rules apply",
      },
    ]);
  });

  test("a role that was not seen is not called missing", () => {
    const collected = snapshot().collected.filter((kind) => kind !== "roles");
    const parts = { collected, rolebindings: [bind("database", "rb", "Role/gone", [sa("backup")])] };
    expect(itemOf(parts, backup).ineffective).toEqual([]);
    expect(report(parts, { subjects: [backup] }).complete).toBe(false);
  });

  test("a ClusterRoleBinding to a Role never resolves", () => {
    const clusterrolebindings = [bindCluster("crb", "Role/r", [sa("backup", "database")])];
    expect(itemOf({ clusterrolebindings }, backup).ineffective).toMatchObject([{ state: "ineffective" }]);
  });
});
