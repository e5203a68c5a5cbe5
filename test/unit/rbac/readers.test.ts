import { describe, expect, test } from "vitest";
import type { FieldManager } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { readersOf, type Readable } from "../../../src/rbac/readers.ts";
import { bind, bindCluster, clusterRole, CREATED, group, role, rule, sa, snapshot, user } from "./fixture.ts";

const object = (resource: string, name = "db"): Readable => ({
  group: resource.endsWith("jobs") ? "batch" : "",
  resource,
  namespace: "a",
  name,
});

function readers(parts: Partial<Snapshot>, of = object("secrets"), options = {}) {
  return readersOf(compileRbac(snapshot(parts)), of, options);
}

function names(...args: Parameters<typeof readers>): string[] {
  return readers(...args).items.map(({ subject }) => subject.name);
}

const managed = (time: string, ...fields: string[]): FieldManager => ({
  manager: "kubectl",
  operation: "Update",
  subresource: null,
  time,
  fields,
});

const readAll = rule("get,list,watch", "secrets");

describe("readers of an object", () => {
  test.each([
    ["pods", ["pods-get", "pods-list", "pods-watch"]],
    ["configmaps", ["configmaps-get", "configmaps-list", "configmaps-watch"]],
    ["jobs", ["jobs-get", "jobs-list", "jobs-watch"]],
    ["cronjobs", ["cronjobs-get", "cronjobs-list", "cronjobs-watch"]],
    ["secrets", ["secrets-get", "secrets-list", "secrets-watch"]],
  ])("%s: one row for one subject, with the edges it comes through", (resource, through) => {
    const all = rule("get,list,watch,create", resource, [], [object(resource).group]);
    const roles = [role("a", "r", [all])];
    const rolebindings = [bind("a", "rb", "Role/r", [user("alice"), sa("x")])];
    const chain = [
      { kind: "RoleBinding", namespace: "a", name: "rb" },
      { kind: "Role", namespace: "a", name: "r", rule: 0 },
    ];
    const grants = [{ chain, through }];
    expect(readers({ roles, rolebindings }, object(resource)).items).toEqual([
      { subject: { kind: "User", namespace: null, name: "alice" }, provedSince: CREATED, through, grants },
      { subject: { kind: "ServiceAccount", namespace: "a", name: "x" }, provedSince: CREATED, through, grants },
    ]);
  });

  test("a Job is not read through a right to core jobs", () => {
    const roles = [role("a", "r", [rule("get", "jobs", [], [""])])];
    expect(names({ roles, rolebindings: [bind("a", "rb", "Role/r", [user("alice")])] }, object("jobs"))).toEqual([]);
  });

  test("a User that is a ServiceAccount's name and that ServiceAccount are one reader", () => {
    const roles = [role("a", "r", [readAll])];
    const subjects = [user("system:serviceaccount:a:x"), sa("x")];
    expect(readers({ roles, rolebindings: [bind("a", "rb", "Role/r", subjects)] }).items).toMatchObject([
      { subject: { kind: "ServiceAccount", namespace: "a", name: "x" } },
    ]);
  });

  test("a named list reads the named object, by field selector", () => {
    const roles = [role("a", "r", [rule("list", "secrets", ["db"])])];
    const rolebindings = [bind("a", "rb", "Role/r", [user("alice")])];
    expect(readers({ roles, rolebindings }).items[0]?.through).toEqual(["secrets-list"]);
    expect(names({ roles, rolebindings }, object("secrets", "api"))).toEqual([]);
  });

  test("objects that no rule names share one answer", () => {
    const roles = [role("a", "r", [rule("get", "secrets", ["db"])]), role("a", "all", [readAll])];
    const rolebindings = [bind("a", "rb", "Role/r", [user("alice")]), bind("a", "all", "Role/all", [user("bob")])];
    const rbac = compileRbac(snapshot({ roles, rolebindings }));
    const [one, two, named] = ["one", "two", "db"].map((name) => readersOf(rbac, object("secrets", name)));
    expect(two).toBe(one);
    expect(named?.items.map(({ subject }) => subject.name)).toEqual(["alice", "bob"]);
    expect(one?.items.map(({ subject }) => subject.name)).toEqual(["bob"]);
  });

  test("a name that is granted in the whole cluster and one granted in the namespace add up", () => {
    const parts = {
      clusterroles: [clusterRole("r", [rule("get", "secrets", ["db"])])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [user("alice"), user("carol")])],
      roles: [role("a", "r", [rule("list", "secrets", ["db", "api"])])],
      rolebindings: [bind("a", "rb", "Role/r", [user("bob"), user("alice")])],
    };
    const through = (name: string) =>
      readers(parts, object("secrets", name)).items.map((reader) => [reader.subject.name, ...reader.through]);
    expect(through("db")).toEqual([
      ["alice", "secrets-get", "secrets-list"],
      ["bob", "secrets-list"],
      ["carol", "secrets-get"],
    ]);
    expect(through("api")).toEqual([
      ["alice", "secrets-list"],
      ["bob", "secrets-list"],
    ]);
  });

  test('resourceNames [""] reads every object, by a list without a name', () => {
    const roles = [role("a", "r", [rule("get,list", "secrets", ["", "api"])])];
    const parts = { roles, rolebindings: [bind("a", "rb", "Role/r", [user("alice")])] };
    expect(readers(parts, object("secrets", "db")).items[0]?.through).toEqual(["secrets-list"]);
    expect(readers(parts, object("secrets", "api")).items[0]?.through).toEqual(["secrets-get", "secrets-list"]);
  });
});

describe("everyone", () => {
  test.each([
    ["system:authenticated", true],
    ["system:unauthenticated", true],
    ["system:serviceaccounts", true],
    ["system:serviceaccounts:a", false],
    ["devs", false],
  ])("%s: %s, and groups stay groups", (name, everyone) => {
    const parts = {
      clusterroles: [clusterRole("r", [readAll])],
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [user("alice"), group(name)])],
    };
    const found = readers(parts);
    expect(found.everyone).toBe(everyone);
    expect(found.items[0]?.subject).toEqual({ kind: "Group", namespace: null, name });
    expect(found.count).toBe(2);
  });

  test("a User of that name is not everyone", () => {
    const roles = [role("a", "r", [readAll])];
    const rolebindings = [bind("a", "rb", "Role/r", [user("system:authenticated")])];
    expect(readers({ roles, rolebindings }).everyone).toBe(false);
  });
});

describe("since when a grant is proved", () => {
  const since = (bound: object, held: object) =>
    readers({
      roles: [role("a", "r", [readAll], held)],
      rolebindings: [bind("a", "rb", "Role/r", [user("alice")], bound)],
    }).items[0]?.provedSince;

  test("is the later creation of binding and role", () => {
    expect(since({}, {})).toBe(CREATED);
    expect(since({ creationTimestamp: "2026-11-05T00:00:00Z" }, {})).toBe("2026-11-05T00:00:00Z");
    expect(since({}, { creationTimestamp: "2026-11-06T00:00:00Z" })).toBe("2026-11-06T00:00:00Z");
  });

  test("moves with the managers of subjects and of rules, and with no other", () => {
    const [early, late] = ["2026-11-07T00:00:00Z", "2026-11-08T00:00:00Z"];
    expect(since({ managedFields: [managed(late, "subjects")] }, {})).toBe(late);
    expect(since({}, { managedFields: [managed(late, "rules")] })).toBe(late);
    expect(since({ managedFields: [managed(late, "metadata.labels")] }, {})).toBe(CREATED);
    expect(since({}, { managedFields: [managed(late, "subjects")] })).toBe(CREATED);
    const both = { managedFields: [managed(late, "subjects"), managed(early, "subjects")] };
    expect(since(both, {})).toBe(late);
  });

  test("is unknown where an object has no time", () => {
    expect(since({ creationTimestamp: null }, {})).toBeNull();
    expect(since({}, { creationTimestamp: null })).toBeNull();
  });

  test("is the earliest proof where several grants give the same", () => {
    const late = { creationTimestamp: "2026-11-09T00:00:00Z" };
    const roles = [role("a", "r", [readAll])];
    const subjects = [user("alice")];
    const undated = bind("a", "undated", "Role/r", subjects, { creationTimestamp: null });
    const rolebindings = [bind("a", "late", "Role/r", subjects, late), undated, bind("a", "old", "Role/r", subjects)];
    expect(readers({ roles, rolebindings }).items[0]?.provedSince).toBe(CREATED);
    const without = rolebindings.slice(0, 2);
    expect(readers({ roles, rolebindings: without }).items[0]?.provedSince).toBe(late.creationTimestamp);
  });
});

describe("built-in readers", () => {
  const gc = "system:controller:generic-garbage-collector";
  const collector = sa("generic-garbage-collector", "kube-system");
  const clusterroles = [clusterRole(gc, [rule("*", "*", [], ["*"])]), clusterRole("other", [readAll])];

  test("system:masters reads without a binding, and is folded", () => {
    expect(readers({})).toEqual({ everyone: false, count: 0, items: [], folded: 1 });
    expect(readers({}, object("secrets"), { allReaders: true }).items).toEqual([
      {
        subject: { kind: "Group", namespace: null, name: "system:masters" },
        provedSince: null,
        through: [
          "secrets-delete",
          "secrets-deletecollection",
          "secrets-get",
          "secrets-list",
          "secrets-patch",
          "secrets-watch",
        ],
        grants: [],
      },
    ]);
  });

  test("a controller with its own bootstrap binding is folded and counted", () => {
    const clusterrolebindings = [bindCluster(gc, `ClusterRole/${gc}`, [collector])];
    expect(readers({ clusterroles, clusterrolebindings })).toMatchObject({ items: [], folded: 2, count: 0 });
    expect(readers({ clusterroles, clusterrolebindings }, object("secrets"), { allReaders: true })).toMatchObject({
      folded: 0,
      count: 2,
    });
  });

  const bootstrapping = { labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } };
  test.each([
    ["another subject", bindCluster(gc, `ClusterRole/${gc}`, [sa("generic-garbage-collector", "a")], bootstrapping)],
    ["another role", bindCluster(gc, "ClusterRole/other", [collector], bootstrapping)],
    ["another binding", bindCluster("mine", `ClusterRole/${gc}`, [collector], bootstrapping)],
    ["a User of that name", bindCluster(gc, `ClusterRole/${gc}`, [user("generic-garbage-collector")], bootstrapping)],
  ])("%s is not built in, whatever its labels say", (_, binding) => {
    expect(readers({ clusterroles, clusterrolebindings: [binding] })).toMatchObject({ count: 1, folded: 1 });
  });

  test("an invented controller after the bootstrap pattern is not built in", () => {
    const name = "system:controller:evil";
    const parts = {
      clusterroles: [clusterRole(name, [readAll])],
      clusterrolebindings: [bindCluster(name, `ClusterRole/${name}`, [sa("evil", "kube-system")], bootstrapping)],
    };
    expect(names(parts)).toEqual(["evil"]);
  });

  test("a second subject in a bootstrap binding is shown", () => {
    const clusterrolebindings = [bindCluster(gc, `ClusterRole/${gc}`, [collector, user("mallory")])];
    expect(names({ clusterroles, clusterrolebindings })).toEqual(["mallory"]);
  });

  test("a controller with another grant besides is shown", () => {
    const clusterrolebindings = [
      bindCluster(gc, `ClusterRole/${gc}`, [collector]),
      bindCluster("mine", "ClusterRole/other", [collector]),
    ];
    expect(names({ clusterroles, clusterrolebindings })).toEqual(["generic-garbage-collector"]);
  });

  test("rights added to a role that everyone is bound to are shown", () => {
    const name = "system:basic-user";
    const parts = {
      clusterroles: [clusterRole(name, [readAll])],
      clusterrolebindings: [bindCluster(name, `ClusterRole/${name}`, [group("system:authenticated")], bootstrapping)],
    };
    expect(readers(parts)).toMatchObject({ everyone: true, count: 1 });
  });

  test("system:node bound to system:nodes, which the bootstrap policy leaves unbound, is shown", () => {
    const parts = {
      clusterroles: [clusterRole("system:node", [readAll])],
      clusterrolebindings: [bindCluster("system:node", "ClusterRole/system:node", [group("system:nodes")])],
    };
    expect(names(parts)).toEqual(["system:nodes"]);
  });
});

describe("what was not seen", () => {
  const all = snapshot().collected;
  const without = (...kinds: string[]) => ({ collected: all.filter((kind) => !kinds.includes(kind)) });

  test("without any bindings or roles nobody can be counted", () => {
    expect(readers(without("rolebindings", "clusterrolebindings")).count).toBeNull();
    expect(readers(without("roles", "clusterroles")).count).toBeNull();
    expect(readers(without("clusterrolebindings", "roles", "clusterroles")).count).toBeNull();
  });

  test("part of it gives a lower bound", () => {
    const roles = [role("a", "r", [readAll])];
    const rolebindings = [bind("a", "rb", "Role/r", [user("alice")])];
    expect(readers({ roles, rolebindings, ...without("clusterroles", "clusterrolebindings") }).count).toBe(1);
  });

  test("RoleBindings that were forbidden in this namespace count for nothing there", () => {
    const spot = {
      verb: "list",
      group: "rbac.authorization.k8s.io",
      resource: "rolebindings",
      namespace: "a",
      except: [],
      reason: "Forbidden",
      message: "",
      blinds: [],
    };
    const parts = { ...without("clusterrolebindings"), blindSpots: [spot] };
    const rbac = compileRbac(snapshot(parts));
    expect(readersOf(rbac, object("secrets")).count).toBeNull();
    expect(readersOf(rbac, { ...object("secrets"), namespace: "b" }).count).toBe(0);
  });
});
