import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import {
  account,
  bind,
  bindCluster,
  clusterRole,
  pod,
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

const backup = account("database", "backup");

describe("the report", () => {
  const forbidden = {
    verb: "list",
    group: "rbac.authorization.k8s.io",
    resource: "clusterroles",
    namespace: null,
    except: [],
    reason: "Forbidden",
    message: "",
    blinds: [],
  };

  test("counts, and names the ways that were computed", () => {
    const clusterroles = [clusterRole("r", [rule("get", "secrets")])];
    const parts = {
      clusterroles,
      clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [sa("all", "a")])],
      rolebindings: [bind("a", "rb", "ClusterRole/r", [sa("one")])],
      pods: ["all", "none", "one"].map((name) => pod("a", name, name)),
    };
    const { summary, items, notes, complete } = report(parts);
    expect(summary).toMatchObject({
      subjects: 3,
      folded: 0,
      secret: null,
      maxHops: null,
      verified: null,
      readEverySecret: 1,
      readWholeNamespaces: 1,
      reachIsBound: 0,
    });
    expect(summary.computed).toEqual(expect.arrayContaining(["secrets-get", "pods-create", "roles-bind"]));
    expect(summary.computed).not.toContain("pods-get");
    expect(items.map(({ subject }) => subject.name)).toEqual(["all", "one", "none"]);
    expect(notes).toEqual([]);
    expect(complete).toBe(true);
  });

  test("is incomplete where grants were forbidden or not collected, and says what", () => {
    expect(report({ blindSpots: [forbidden] })).toMatchObject({ complete: false, blindSpots: [forbidden] });
    for (const kind of ["roles", "rolebindings", "clusterroles", "clusterrolebindings", "pods"]) {
      const collected = snapshot().collected.filter((one) => one !== kind);
      expect(report({ collected })).toMatchObject({ complete: false, blindSpots: [{ resource: kind }] });
    }
  });

  const wide = {
    clusterroles: [clusterRole("r", [rule("get", "secrets")])],
    clusterrolebindings: [bindCluster("crb", "ClusterRole/r", [sa("all", "a")])],
    rolebindings: [bind("a", "rb", "ClusterRole/r", [sa("one")])],
    pods: ["all", "none", "one"].map((name) => pod("a", name, name)),
  };

  test.each([
    ["a list was forbidden", { blindSpots: [{ ...forbidden, resource: "rolebindings", namespace: "b" }] }],
    ["a kind was not collected", { collected: snapshot().collected.filter((kind) => kind !== "roles") }],
    ["other namespaces were not looked at", { metadata: { ...snapshot().metadata, scope: { namespaces: ["a"] } } }],
    ["somebody chose the objects", { source: "dump" as const }],
  ])("no reach is claimed to be all of it, nor none: %s", (_, more) => {
    const { items, summary, notes } = report({ ...wide, ...more });
    // Whoever reads everything can read no more.
    expect(items.map(({ subject, reachIsBound }) => [subject.name, reachIsBound])).toEqual([
      ["all", false],
      ["one", true],
      ["none", true],
    ]);
    expect(summary).toMatchObject({ readEverySecret: 1, reachIsBound: 2 });
    expect(notes).toContainEqual(expect.stringMatching(/^Not everything was seen that decides access/));
  });

  test("a narrow question whose grants were taken from all namespaces is answered whole", () => {
    const metadata = { ...snapshot().metadata, scope: { namespaces: ["a"] } };
    const { items } = report({ ...wide, metadata, beyondScope: ["roles", "rolebindings"] });
    expect(items.map(({ reachIsBound }) => reachIsBound)).toEqual([false, false, false]);
  });

  test("says of an account whether it exists, as far as that is known", () => {
    const exists = (more: Partial<Snapshot>) => report({ ...wide, ...more }).items.map((item) => item.exists);
    const serviceaccounts = [serviceAccount("a", "all")];
    expect(exists({ serviceaccounts })).toEqual([true, false, false]);
    expect(exists({ serviceaccounts, source: "dump" })).toEqual([true, null, null]);
    const unseen = { ...forbidden, group: "", resource: "serviceaccounts" };
    expect(exists({ blindSpots: [unseen] })).toEqual([null, null, null]);
  });

  test("is complete where only something else was not seen", () => {
    const spot = { ...forbidden, group: "", resource: "secrets" };
    expect(report({ blindSpots: [spot] })).toMatchObject({ complete: true, blindSpots: [] });
    const collected = snapshot().collected.filter((kind) => kind !== "pods");
    expect(
      report({ collected, serviceaccounts: [serviceAccount("database", "backup")] }, { subjects: [backup] }),
    ).toMatchObject({
      complete: true,
    });
  });

  test("needs the namespaces only where a name is granted in all of them", () => {
    const collected = snapshot().collected.filter((kind) => kind !== "namespaces");
    const named = (binding: Partial<Snapshot>) =>
      report(
        { collected, clusterroles: [clusterRole("r", [rule("get", "secrets", ["db"])])], ...binding },
        { subjects: [backup] },
      );
    expect(named({ rolebindings: [bind("database", "rb", "ClusterRole/r", [sa("backup")])] }).complete).toBe(true);
    const everywhere = [bindCluster("crb", "ClusterRole/r", [sa("backup", "database")])];
    expect(named({ clusterrolebindings: everywhere }).complete).toBe(false);
    const whole = [clusterRole("r", [rule("get", "secrets")])];
    expect(named({ clusterroles: whole, clusterrolebindings: everywhere }).complete).toBe(true);
  });

  test("of a narrowed scope says that other namespaces' bindings were not looked at", () => {
    const metadata = { ...snapshot().metadata, scope: { namespaces: ["database"] } };
    expect(report({ metadata }).notes).toContain("RoleBindings of other namespaces than database were not looked at.");
  });

  test("of a user says that the user's groups are not in the evidence", () => {
    const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
    const parts = { rolebindings: [bind("a", "rb", "Role/r", [user("alice")])] };
    expect(report(parts, { subjects: [alice] }).notes).toEqual([expect.stringMatching(/^Groups of a user/)]);
  });
});
