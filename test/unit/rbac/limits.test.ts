import { expect, test } from "vitest";
import type { Subject } from "../../../src/model/access.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { accessReport, ALL_WAYS } from "../../../src/rbac/report.ts";
import { bind, bindCluster, clusterRole, group, role, rule, sa, selection, serviceAccount, user } from "./fixture.ts";
import { access, alice, alices, everywhere, granted, namespaces, RBAC, runningPod } from "./grants.ts";
import { randomSource } from "./random-rbac.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const MANY = 400;

test("rights by name to the same name, in many roles, are ways in proportion to the roles", { timeout: 60_000 }, () => {
  const { ways, latent } = access(
    numbers(MANY).map(() => everywhere(group("system:authenticated"), rule("create,patch", "pods", ["same"]))),
    { namespaces: namespaces("a") },
  );
  expect(ways.map(({ edge }) => edge)).toContain("pods-create");
  expect(ways.length).toBeLessThanOrEqual(4 * MANY);
  expect(latent.length).toBeLessThanOrEqual(4 * MANY);
});

test("names in many namespaces are as many accounts, and one way", { timeout: 60_000 }, () => {
  const names = numbers(40).map((index) => `sa-${String(index)}`);
  const places = numbers(4000).map((index) => `ns-${String(index)}`);
  const { ways } = access([alices(rule("impersonate", "serviceaccounts", names))], {
    namespaces: namespaces(...places),
  });
  expect(ways).toHaveLength(1);
  expect(ways[0]!.leadsTo).toHaveLength(40 * 4000);
});

test("rights to bind, each with a binding of its own, are ways in proportion to them", { timeout: 60_000 }, () => {
  const name = (index: number): string => `n${String(index)}`;
  const binds = (index: number) => [
    rule("bind", "clusterroles", [name(index)], [RBAC]),
    rule("update", "clusterrolebindings", [name(index)], [RBAC]),
  ];
  const boundTo = (subject: Subject) =>
    numbers(MANY).map((index) => bindCluster(name(index), `ClusterRole/${name(index)}`, [subject]));
  const everyone = group("system:authenticated");
  const toOthers = access(
    numbers(MANY).map((index) => everywhere(everyone, ...binds(index))),
    {
      clusterroles: numbers(MANY).map((index) => clusterRole(name(index), [rule("get", "nodes")])),
      clusterrolebindings: boundTo(user("bob")),
    },
  );
  expect(toOthers.ways).toHaveLength(MANY);
  const toItself = access([], {
    clusterroles: numbers(MANY).map((index) => clusterRole(name(index), binds(index))),
    clusterrolebindings: boundTo(everyone),
  });
  expect(toItself.ways.length).toBeLessThanOrEqual(MANY);
});

/** Rights whose ways are found by going through lists: roles, bindings, accounts, pods, namespaces. */
function tangled(): Snapshot {
  const subjects = [user("alice"), sa("x", "a"), sa("y", "b"), group("system:serviceaccounts")];
  return granted(
    [
      alices(rule("bind", "clusterroles,roles", ["power", "esc"], [RBAC]), rule("impersonate", "serviceaccounts")),
      everywhere(user("alice"), rule("create,update", "rolebindings,clusterrolebindings", [], [RBAC])),
      everywhere(sa("x", "a"), rule("escalate,update", "roles,clusterroles", [], [RBAC])),
      everywhere(sa("y", "b"), rule("create", "pods"), rule("create", "pods/exec")),
    ],
    {
      namespaces: namespaces("a", "b", "c"),
      serviceaccounts: ["a", "b", "c"].flatMap((where) => ["x", "y"].map((name) => serviceAccount(where, name))),
      roles: ["a", "b", "c"].map((where) => role(where, "power", [rule("list", "secrets"), rule("create", "pods")])),
      rolebindings: ["a", "b", "c"].flatMap((where) =>
        subjects.map(({ name }, index) => bind(where, `rb-${name}-${where}`, "Role/power", [subjects[index]!])),
      ),
      clusterroles: [
        clusterRole("power", [rule("patch", "pods")]),
        clusterRole("esc", [rule("get", "secrets", ["db"])]),
      ],
      pods: ["a", "b"].flatMap((where) => ["p", "q"].map((name) => runningPod(where, name, {}, `n-${name}`))),
    },
  );
}

test("the order in which roles, bindings, accounts and namespaces stand in the evidence does not show", () => {
  const said = (evidence: Snapshot): string =>
    JSON.stringify([
      accessReport(evidence, selection({ subjects: [alice] })),
      accessReport(evidence, selection({ allReaders: true }), { question: { ...ALL_WAYS, allSubjects: true } }),
    ]);
  const sorted = tangled();
  const expected = said(sorted);
  for (const seed of numbers(20)) {
    const random = randomSource(seed);
    const shuffle = <T>(list: readonly T[]): T[] =>
      list
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
    const shuffled: Snapshot = {
      ...sorted,
      namespaces: shuffle(sorted.namespaces),
      serviceaccounts: shuffle(sorted.serviceaccounts),
      roles: shuffle(sorted.roles),
      clusterroles: shuffle(sorted.clusterroles),
      rolebindings: shuffle(sorted.rolebindings),
      clusterrolebindings: shuffle(sorted.clusterrolebindings),
    };
    expect(said(shuffled) === expected, `seed ${String(seed)}`).toBe(true);
  }
});
