import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { authorize } from "../../../src/rbac/authorize.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { identityOf, type Identity } from "../../../src/rbac/subjects.ts";
import { account, bind, bindCluster, clusterRole, group, role, rule, sa, snapshot, user } from "./fixture.ts";

const readSecrets = rule("get", "secrets");
const listSecrets = rule("get,list", "secrets");

function decide(
  parts: Partial<Snapshot>,
  who: Identity,
  verb: string,
  namespace: string,
  name = "",
  resource = "secrets",
) {
  const group = resource === "jobs" ? "batch" : "";
  const request = { verb, group, resource, subresource: "", namespace, name };
  return authorize(compileRbac(snapshot(parts)), who, request);
}

function allowed(...args: Parameters<typeof decide>): boolean {
  return decide(...args).allowed;
}

const x = (namespace: string) => identityOf(account(namespace, "x"));
const alice: Identity = { name: "alice", groups: ["system:authenticated"] };

describe("which binding counts for whom", () => {
  test("a RoleBinding may name a ServiceAccount of another namespace, and grants in its own", () => {
    const parts = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [sa("x", "b")])] };
    expect(allowed(parts, x("b"), "get", "a", "db")).toBe(true);
    expect(allowed(parts, x("b"), "get", "b", "db")).toBe(false);
    expect(allowed(parts, x("a"), "get", "a", "db")).toBe(false);
  });

  test("a ServiceAccount without a namespace is of the RoleBinding's", () => {
    const parts = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [sa("x")])] };
    expect(allowed(parts, x("a"), "get", "a", "db")).toBe(true);
    expect(allowed(parts, x("b"), "get", "a", "db")).toBe(false);
  });

  test("a ServiceAccount without a namespace in a ClusterRoleBinding is nobody", () => {
    const parts = {
      clusterroles: [clusterRole("r", [readSecrets])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [sa("x")])],
    };
    for (const namespace of ["a", "default", "kube-system"]) {
      expect(allowed(parts, x(namespace), "get", namespace, "db")).toBe(false);
    }
    expect(allowed(parts, { name: "system:serviceaccount::x", groups: [] }, "get", "a", "db")).toBe(false);
  });

  test("the group of a namespace's ServiceAccounts holds their tokens, not a certificate with the same user name", () => {
    const parts = {
      clusterroles: [clusterRole("r", [readSecrets])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [group("system:serviceaccounts:a")])],
    };
    expect(allowed(parts, x("a"), "get", "b", "db")).toBe(true);
    expect(allowed(parts, x("b"), "get", "b", "db")).toBe(false);
    const certificate = { name: "system:serviceaccount:a:x", groups: ["system:authenticated"] };
    expect(allowed(parts, certificate, "get", "b", "db")).toBe(false);
  });

  test("a subject counts wherever it stands among the others", () => {
    for (const subjects of [
      [group("devs"), sa("x", "a")],
      [sa("x", "a"), group("devs")],
    ]) {
      const parts = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", subjects)] };
      expect(allowed(parts, x("a"), "get", "a", "db")).toBe(true);
    }
  });

  test("a User with a ServiceAccount's user name is that ServiceAccount, and the reverse", () => {
    const name = "system:serviceaccount:a:x";
    const asUser = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [user(name)])] };
    expect(allowed(asUser, x("a"), "get", "a", "db")).toBe(true);
    const asAccount = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [sa("x")])] };
    expect(allowed(asAccount, { name, groups: [] }, "get", "a", "db")).toBe(true);
  });

  test("a User and a Group of one name are two subjects", () => {
    const parts = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [group("dev")])] };
    expect(allowed(parts, { name: "dev", groups: [] }, "get", "a", "db")).toBe(false);
    expect(allowed(parts, { name: "someone", groups: ["dev"] }, "get", "a", "db")).toBe(true);
  });

  test("User * is a user called *", () => {
    const parts = { roles: [role("a", "r", [readSecrets])], rolebindings: [bind("a", "rb", "Role/r", [user("*")])] };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
    expect(allowed(parts, { name: "*", groups: [] }, "get", "a", "db")).toBe(true);
  });

  test("user names are compared with their case", () => {
    const parts = {
      roles: [role("a", "r", [readSecrets])],
      rolebindings: [bind("a", "rb", "Role/r", [user("Alice")])],
    };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
  });

  test("system:masters is allowed everything without any rule", () => {
    const root = { name: "root", groups: ["system:masters"] };
    expect(decide({}, root, "get", "a", "db")).toEqual({
      allowed: true,
      by: [[{ kind: "Group", namespace: null, name: "system:masters" }]],
    });
    expect(authorize(compileRbac(snapshot()), root, { verb: "get", path: "/healthz" }).allowed).toBe(true);
  });
});

describe("where a grant reaches", () => {
  test("a RoleBinding to a ClusterRole grants in its namespace, never across all", () => {
    const parts = {
      clusterroles: [clusterRole("r", [listSecrets])],
      rolebindings: [bind("a", "rb", "ClusterRole/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "list", "a")).toBe(true);
    expect(allowed(parts, alice, "list", "")).toBe(false);
    expect(allowed(parts, alice, "list", "b")).toBe(false);
  });

  test("a RoleBinding grants no cluster-scoped resource", () => {
    const parts = {
      clusterroles: [clusterRole("r", [rule("get,impersonate", "nodes,users,groups")])],
      rolebindings: [bind("a", "rb", "ClusterRole/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "impersonate", "", "bob", "users")).toBe(false);
    expect(allowed(parts, alice, "get", "", "node-1", "nodes")).toBe(false);
  });

  test("a ClusterRoleBinding grants in every namespace and across all", () => {
    const parts = {
      clusterroles: [clusterRole("r", [listSecrets])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [user("alice")])],
    };
    for (const namespace of ["", "a", "b"]) expect(allowed(parts, alice, "list", namespace)).toBe(true);
  });

  test("non-resource URLs come through ClusterRoleBindings alone", () => {
    const healthz = { ...rule("get", ""), resources: [], apiGroups: [], nonResourceURLs: ["/healthz"] };
    const clusterroles = [clusterRole("r", [healthz])];
    const subjects = [user("alice")];
    const request = { verb: "get", path: "/healthz" };
    const through = (parts: Partial<Snapshot>) => authorize(compileRbac(snapshot(parts)), alice, request).allowed;
    expect(through({ clusterroles, clusterrolebindings: [bindCluster("b", "ClusterRole/r", subjects)] })).toBe(true);
    expect(through({ clusterroles, rolebindings: [bind("a", "b", "ClusterRole/r", subjects)] })).toBe(false);
  });
});

describe("names", () => {
  test("get with resourceNames reads those alone, and lists nothing", () => {
    const parts = {
      roles: [role("a", "r", [rule("get", "secrets", ["db"])])],
      rolebindings: [bind("a", "rb", "Role/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(true);
    expect(allowed(parts, alice, "get", "a", "api")).toBe(false);
    expect(allowed(parts, alice, "list", "a")).toBe(false);
  });

  test("list and watch with resourceNames need the field selector, which gives the request its name", () => {
    const parts = {
      roles: [role("a", "r", [rule("list,watch", "secrets", ["db"])])],
      rolebindings: [bind("a", "rb", "Role/r", [user("alice")])],
    };
    for (const verb of ["list", "watch"]) {
      expect(allowed(parts, alice, verb, "a")).toBe(false);
      expect(allowed(parts, alice, verb, "a", "db")).toBe(true);
      expect(allowed(parts, alice, verb, "a", "api")).toBe(false);
    }
  });

  test("deletecollection carries no name, so resourceNames never match", () => {
    const named = { roles: [role("a", "r", [rule("deletecollection", "secrets", ["db"])])] };
    const empty = { roles: [role("a", "r", [rule("deletecollection", "secrets", [""])])] };
    const rolebindings = [bind("a", "rb", "Role/r", [user("alice")])];
    expect(allowed({ ...named, rolebindings }, alice, "deletecollection", "a")).toBe(false);
    expect(allowed({ ...empty, rolebindings }, alice, "deletecollection", "a")).toBe(true);
  });
});

describe("references", () => {
  test("a missing role grants nothing and leaves other bindings alone; created later, it grants", () => {
    const rolebindings = [
      bind("a", "dangling", "Role/r", [user("alice")]),
      bind("a", "whole", "Role/other", [user("alice")]),
    ];
    const roles = [role("a", "other", [rule("get", "pods")])];
    expect(allowed({ roles, rolebindings }, alice, "get", "a", "db")).toBe(false);
    expect(allowed({ roles, rolebindings }, alice, "get", "a", "p", "pods")).toBe(true);
    const later = [...roles, role("a", "r", [readSecrets])];
    expect(allowed({ roles: later, rolebindings }, alice, "get", "a", "db")).toBe(true);
  });

  test("a role of one name in two namespaces is two roles", () => {
    const parts = {
      roles: [role("a", "r", [readSecrets]), role("b", "r", [rule("get", "configmaps")])],
      rolebindings: [bind("b", "rb", "Role/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
    expect(allowed(parts, alice, "get", "b", "db")).toBe(false);
  });

  test("a Role and a ClusterRole of one name are two roles", () => {
    const parts = {
      roles: [role("a", "r", [rule("get", "configmaps")])],
      clusterroles: [clusterRole("r", [readSecrets])],
    };
    const through = (ref: string) =>
      allowed({ ...parts, rolebindings: [bind("a", "rb", ref, [user("alice")])] }, alice, "get", "a", "db");
    expect(through("Role/r")).toBe(false);
    expect(through("ClusterRole/r")).toBe(true);
  });

  test("a ClusterRoleBinding never resolves a Role, of whatever namespace", () => {
    const parts = {
      roles: [role("a", "r", [readSecrets])],
      clusterroles: [clusterRole("r", [readSecrets])],
      clusterrolebindings: [bindCluster("crb", "Role/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
  });

  test("a RoleBinding without a namespace, as a broken file may hold, grants nothing", () => {
    const loose = bind("a", "rb", "ClusterRole/r", [user("alice")]);
    for (const namespace of [null, ""]) {
      const parts = {
        clusterroles: [clusterRole("r", [readSecrets])],
        rolebindings: [{ ...loose, meta: { ...loose.meta, namespace } }],
      };
      expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
      expect(allowed(parts, alice, "get", "", "db")).toBe(false);
    }
  });
});

describe("grants add up", () => {
  test("doubled subjects, rules and bindings change nothing; every reason is listed", () => {
    const parts = {
      roles: [role("a", "r", [readSecrets, readSecrets])],
      rolebindings: [
        bind("a", "one", "Role/r", [user("alice"), user("alice")]),
        bind("a", "two", "Role/r", [user("alice")]),
      ],
    };
    const chains = decide(parts, alice, "get", "a", "db").by.map(
      ([binding, held]) => `${binding!.name} ${String(held!.rule)}`,
    );
    expect(chains).toEqual(["one 0", "one 1", "two 0", "two 1"]);
  });

  test("one rule must cover the request alone: verbs of one and names of another do not add up", () => {
    const parts = {
      roles: [role("a", "r", [rule("get", "configmaps"), rule("update", "secrets")])],
      rolebindings: [bind("a", "rb", "Role/r", [user("alice")])],
    };
    expect(allowed(parts, alice, "get", "a", "db")).toBe(false);
  });

  test("the chain names binding, role and rule", () => {
    const parts = {
      clusterroles: [clusterRole("r", [rule("get", "pods"), readSecrets])],
      rolebindings: [bind("a", "rb", "ClusterRole/r", [group("system:authenticated")])],
    };
    expect(decide(parts, alice, "get", "a", "db").by).toEqual([
      [
        { kind: "RoleBinding", namespace: "a", name: "rb" },
        { kind: "ClusterRole", namespace: null, name: "r", rule: 1 },
      ],
    ]);
  });
});
