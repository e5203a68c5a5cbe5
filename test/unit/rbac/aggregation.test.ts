import { describe, expect, test } from "vitest";
import type { LabelSelector, LabelSelectorRequirement, Role } from "../../../src/model/access.ts";
import { effectiveRules, selectorMatches } from "../../../src/rbac/aggregation.ts";
import { authorize } from "../../../src/rbac/authorize.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { bind, clusterRole, rule, snapshot, user } from "./fixture.ts";

const labelled = (matchLabels: Record<string, string>): LabelSelector => ({ matchLabels, matchExpressions: [] });
const where = (...matchExpressions: LabelSelectorRequirement[]): LabelSelector => ({
  matchLabels: {},
  matchExpressions,
});
const toAdmin = { "rbac.example/aggregate-to-admin": "true" };

function manifest(
  name: string,
  resources: string[],
  labels: Record<string, string>,
  aggregation?: LabelSelector[],
): Role {
  const rules = resources.map((resource) => rule("get", resource));
  return clusterRole(name, rules, { labels, manifest: true, ...(aggregation === undefined ? {} : { aggregation }) });
}

const resourcesOf = (target: Role, all: Role[]) =>
  effectiveRules(target, all).flatMap(({ rule: { resources } }) => resources);

describe("an aggregated ClusterRole of a manifest", () => {
  test("gets the rules of what its labels select", () => {
    const admin = manifest("admin", [], {}, [labelled(toAdmin)]);
    const all = [admin, manifest("secrets", ["secrets"], toAdmin), manifest("other", ["pods"], {})];
    expect(resourcesOf(admin, all)).toEqual(["secrets"]);
  });

  test("any of several selectors is enough", () => {
    const admin = manifest("admin", [], {}, [labelled({ a: "1" }), labelled({ b: "1" })]);
    const all = [admin, manifest("one", ["pods"], { a: "1" }), manifest("two", ["secrets"], { b: "1" })];
    expect(resourcesOf(admin, all)).toEqual(["pods", "secrets"]);
  });

  test("aggregates through aggregated roles, in a circle too", () => {
    const admin = manifest("admin", [], { to: "view" }, [labelled({ to: "admin" })]);
    const edit = manifest("edit", [], { to: "admin" }, [labelled({ to: "edit" })]);
    const view = manifest("view", ["secrets"], { to: "edit" }, [labelled({ to: "view" })]);
    for (const target of [admin, edit, view]) {
      expect(resourcesOf(target, [admin, edit, view])).toEqual(["secrets"]);
    }
  });

  test("an empty selector selects every role", () => {
    const all = [manifest("all", [], {}, [labelled({})]), manifest("x", ["secrets"], {})];
    expect(resourcesOf(all[0]!, all)).toEqual(["secrets"]);
  });

  test("an invalid selector makes the whole role select nothing", () => {
    const bad = where({ key: "a", operator: "Like", values: ["1"] });
    const admin = manifest("admin", [], {}, [labelled({ a: "1" }), bad]);
    expect(resourcesOf(admin, [admin, manifest("x", ["secrets"], { a: "1" })])).toEqual([]);
  });

  test("keeps rules that are written out, as in a dump without metadata", () => {
    const admin = manifest("admin", ["secrets"], {}, [labelled(toAdmin)]);
    expect(resourcesOf(admin, [admin])).toEqual(["secrets"]);
  });

  test("grants, and the chain names the role that a rule comes from", () => {
    const admin = manifest("admin", [], {}, [labelled(toAdmin)]);
    const part = manifest("part", ["pods", "secrets"], toAdmin);
    const rolebindings = [bind("a", "rb", "ClusterRole/admin", [user("alice")])];
    const rbac = compileRbac(snapshot({ clusterroles: [admin, part], rolebindings }));
    const request = { verb: "get", group: "", resource: "secrets", subresource: "", namespace: "a", name: "db" };
    expect(authorize(rbac, { name: "alice", groups: [] }, request).by).toEqual([
      [
        { kind: "RoleBinding", namespace: "a", name: "rb" },
        { kind: "ClusterRole", namespace: null, name: "admin" },
        { kind: "ClusterRole", namespace: null, name: "part", rule: 1 },
      ],
    ]);
  });
});

describe("an aggregated ClusterRole of an API server", () => {
  const part = clusterRole("part", [rule("get", "secrets")], { labels: toAdmin });

  test("has the rules that the controller has written, and no others", () => {
    const stale = clusterRole("admin", [rule("get", "pods")], { aggregation: [labelled(toAdmin)] });
    expect(resourcesOf(stale, [stale, part])).toEqual(["pods"]);
  });

  test("has none as long as the controller has written none, because the authorizer reads rules alone", () => {
    const waiting = clusterRole("admin", [], { aggregation: [labelled(toAdmin)] });
    expect(resourcesOf(waiting, [waiting, part])).toEqual([]);
  });
});

describe("label selectors", () => {
  test.each<[LabelSelectorRequirement, Record<string, string>, boolean]>([
    [{ key: "a", operator: "In", values: ["1", "2"] }, { a: "2" }, true],
    [{ key: "a", operator: "In", values: ["1"] }, {}, false],
    [{ key: "a", operator: "NotIn", values: ["1"] }, { a: "1" }, false],
    [{ key: "a", operator: "NotIn", values: ["1"] }, {}, true],
    [{ key: "a", operator: "Exists", values: [] }, { a: "" }, true],
    [{ key: "a", operator: "Exists", values: [] }, {}, false],
    [{ key: "a", operator: "DoesNotExist", values: [] }, {}, true],
    [{ key: "a", operator: "DoesNotExist", values: [] }, { a: "1" }, false],
    [{ key: "toString", operator: "Exists", values: [] }, {}, false],
  ])("%o and %o", (requirement, labels, matches) => {
    expect(selectorMatches(where(requirement), labels)).toBe(matches);
  });

  test("labels and expressions must all hold", () => {
    const selector = {
      ...labelled({ a: "1" }),
      ...{ matchExpressions: [{ key: "b", operator: "Exists", values: [] }] },
    };
    expect(selectorMatches(selector, { a: "1", b: "" })).toBe(true);
    expect(selectorMatches(selector, { a: "1" })).toBe(false);
    expect(selectorMatches(selector, { b: "" })).toBe(false);
  });
});
