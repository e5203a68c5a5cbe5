import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import { covers, EVERY_SECRET, NO_SECRET, wholeNamespace } from "../../../src/rbac/scopes.ts";
import { bind, clusterRole, role, rule, user } from "./fixture.ts";
import { access, ALL, alices, everywhere, namespaces, RBAC, within } from "./grants.ts";

const rbac = (verbs: string, resources: string, ...names: string[]): PolicyRule =>
  rule(verbs, resources, names, [RBAC]);
const AGGREGATED = { aggregation: [{ matchLabels: { of: "agg" }, matchExpressions: [] }] };

describe("binding a role", () => {
  test("by apply takes create and patch of the binding's name, in one namespace (handlers/patch.go)", () => {
    const { reach } = access(
      [
        alices(rbac("bind", "clusterroles"), rbac("create", "rolebindings", "x")),
        within("b", user("alice"), rbac("patch", "rolebindings", "x")),
      ],
      { namespaces: namespaces("a", "b") },
    );
    expect(reach).toEqual(wholeNamespace("b"));
  });

  test("adds its rules to those that the holder has: one of them escalates, the other writes (escalation_check.go)", () => {
    const clusterroles = [clusterRole("upd", [rbac("update", "clusterroles")])];
    const binds = [rbac("bind", "clusterroles", "upd"), rbac("create", "clusterrolebindings")];
    expect(access([alices(...binds)], { clusterroles }).reach).toEqual(NO_SECRET);
    expect(access([alices(...binds, rbac("escalate", "clusterroles"))], { clusterroles }).reach).toEqual(EVERY_SECRET);
  });

  test("adds its rules to those of a user who is impersonated for it too (escalation_check.go)", () => {
    const clusterroles = [clusterRole("upd", [rbac("update", "clusterroles")])];
    const bob = [
      rbac("bind", "clusterroles", "upd"),
      rbac("create", "clusterrolebindings"),
      rbac("escalate", "clusterroles"),
    ];
    const grants = [alices(rule("impersonate", "users", ["bob"])), everywhere(user("bob"), ...bob)];
    expect(access(grants, { clusterroles }).reach).toEqual(EVERY_SECRET);
  });

  test("that may rewrite itself gives everything, once it is bound (escalation_check.go)", () => {
    const esc = clusterRole("esc", [rbac("escalate,update", "clusterroles")]);
    const binds = alices(rbac("bind", "clusterroles", "esc"), rbac("create", "clusterrolebindings"));
    expect(access([binds], { clusterroles: [esc] }).reach).toEqual(EVERY_SECRET);
    // A new binding alone refers to a role that exists.
    expect(access([binds]).reach).toEqual(NO_SECRET);
  });

  test("by rights to more kinds of role and of binding is not less: a Role only fits its RoleBinding (rule.go)", () => {
    const parts = { namespaces: namespaces("a", "b"), roles: [role("a", "power", [rule("list", "secrets")])] };
    const reach = (roles: string, bindings: string) =>
      access([alices(rbac("bind", roles, "power"), rbac("create", bindings))], parts).reach;
    expect(reach("roles", "rolebindings")).toEqual(wholeNamespace("a"));
    expect(reach("roles,clusterroles", "rolebindings,clusterrolebindings")).toEqual(wholeNamespace("a"));
    expect(reach("roles,clusterroles", "clusterrolebindings")).toEqual(NO_SECRET);
  });
});

describe("writing a role", () => {
  test("that is aggregated takes one that exists, where it is changed and not created (strategy.go)", () => {
    const clusterroles = [clusterRole("agg", [], AGGREGATED)];
    const rolebindings = [bind("a", "rb", "ClusterRole/agg", [user("alice")])];
    const grants = [alices(rbac("escalate,update", "clusterroles", "ghost"))];
    expect(access(grants, { clusterroles, rolebindings }).ways).toEqual([]);
    const { reach, ways } = access(grants, { clusterroles: [...clusterroles, clusterRole("ghost", [])], rolebindings });
    expect(reach).toEqual(wholeNamespace("a"));
    expect(ways[0]?.edges).toEqual(["clusterroles-aggregate"]);
  });

  test("that is bound and missing creates it by apply, with rights that stand in several rules (handlers/patch.go)", () => {
    const rolebindings = [bind("a", "rb", "Role/gone", [user("alice")])];
    const write = [rbac("create", "roles", "gone"), rbac("patch", "roles", "gone"), rbac("escalate", "roles", "gone")];
    const reach = (...rules: PolicyRule[]) => access([within("a", user("alice"), ...rules)], { rolebindings }).reach;
    expect(reach(...write)).toEqual(wholeNamespace("a"));
    for (const left of write) expect(reach(...write.filter((one) => one !== left))).toEqual(NO_SECRET);
  });
});

test("a webhook configuration is created by apply, with create and patch of its name (handlers/patch.go)", () => {
  const hooks = (...verbs: string[]) =>
    access([
      alices(
        ...verbs.map((verb) => rule(verb, "mutatingwebhookconfigurations", ["x"], ["admissionregistration.k8s.io"])),
      ),
    ]).ways.map(({ edge, effect, scope }) => [edge, effect, scope]);
  expect(hooks("create,patch")).toEqual([["admission-webhooks", "wait", EVERY_SECRET]]);
  expect(hooks("create", "patch")).toContainEqual(["admission-webhooks", "wait", EVERY_SECRET]);
  expect(hooks("create")).toEqual([]);
  expect(hooks("patch")).toEqual([["admission-webhooks", "maybe", EVERY_SECRET]]);
});

test("who may do everything in a namespace has the luck, too, of who makes pods there (check_privileged.go)", () => {
  const made = access([within("a", user("alice"), rule("create", "pods"))]);
  const all = access([within("a", user("alice"), ALL)]);
  expect(made.maybe).toEqual(EVERY_SECRET);
  expect(all.maybe).toEqual(EVERY_SECRET);
  expect(covers(all.reach, { namespace: "a", name: "db" })).toBe(true);
  expect(all.ways.map(({ edges }) => edges)).toContainEqual(["pods-create-node"]);
});
