import { describe, expect, test } from "vitest";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { AccessQuestion } from "../../../src/model/selection.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import { accessReport, ALL_WAYS } from "../../../src/rbac/report.ts";
import { rule, selection, snapshot, user } from "./fixture.ts";
import { alice, alices, AUTHENTICATION, everywhere, forbidden, granted, namespaces, type Grant } from "./grants.ts";

function report(
  grants: readonly Grant[],
  parts: Partial<Snapshot>,
  { subjects = [alice], ...asked }: Partial<AccessQuestion> & { subjects?: SubjectRef[] } = {},
) {
  return accessReport(granted(grants, { namespaces: namespaces("a", "b"), ...parts }), selection({ subjects }), {
    question: { ...ALL_WAYS, ...asked },
  });
}

/** The same, complete with all lists, and complete without one of them. */
function withAndWithout(kind: Resource, grants: readonly Grant[], asked: Parameters<typeof report>[2] = {}): boolean[] {
  return [[], [forbidden(kind)]].map((blindSpots) => report(grants, { blindSpots }, asked).complete);
}

const EXEC = rule("create", "pods/exec");

describe("a report is not complete where pods were refused", () => {
  test("about a node, which reads what its pods name (node_authorizer.go)", () => {
    const node: SubjectRef = { kind: "User", namespace: null, name: "system:node:n1" };
    const named = [everywhere(user(node.name), rule("get", "nodes"))];
    expect(report(named, { blindSpots: [forbidden("pods")] }, { subjects: [node] }).complete).toBe(false);
    expect(report(named, {}, { subjects: [node] }).complete).toBe(true);
  });

  test("about a node that no binding names: it may have pods (node_authorizer.go)", () => {
    const node: SubjectRef = { kind: "User", namespace: null, name: "system:node:n1" };
    const { complete, items } = report([], { blindSpots: [forbidden("pods")] }, { subjects: [node] });
    expect([complete, items.map(({ subject }) => subject.name)]).toEqual([false, [node.name]]);
  });

  test("about who reads a Secret directly, nodes among them (node_authorizer.go)", () => {
    const asked = { secret: { namespace: "a", name: "db" }, maxHops: 0, subjects: [] };
    expect(withAndWithout("pods", [alices(rule("get", "secrets"))], asked)).toEqual([true, false]);
  });

  test("about who acts as whichever node, because pods show which there are (impersonation/mode.go)", () => {
    const nodes = [
      alices(
        rule("impersonate:arbitrary-node", "nodes", [], [AUTHENTICATION]),
        rule("impersonate-on:arbitrary-node:get", "secrets"),
      ),
    ];
    expect(withAndWithout("pods", nodes)).toEqual([true, false]);
  });

  test("about who enters pods, and its reach is a bound", () => {
    const bounds = [[], [forbidden("pods")]].map(
      (blindSpots) => report([alices(EXEC)], { blindSpots }).items[0]!.reachIsBound,
    );
    expect(bounds).toEqual([false, true]);
    expect(withAndWithout("pods", [alices(EXEC)])).toEqual([true, false]);
  });
});

test("a name in all namespaces is not told where they were refused, by whomever it is come to", () => {
  const grants = [
    alices(rule("impersonate", "users", ["bob"])),
    everywhere(user("bob"), rule("get", "secrets", ["db"])),
  ];
  expect(withAndWithout("namespaces", grants)).toEqual([true, false]);
});

describe("with a scope", () => {
  const only = (list: string[]): Snapshot["metadata"] => ({ ...snapshot().metadata, scope: { namespaces: list } });
  const beyondScope: Resource[] = ["roles", "rolebindings", "serviceaccounts"];

  test("no pod in it does not prove that none runs elsewhere", () => {
    const asked = (parts: Partial<Snapshot>) => report([alices(EXEC)], parts).items[0]!;
    expect(asked({}).ineffective.map(({ why }) => why)).toEqual(["pods-exec: no pod runs that it could enter"]);
    const scoped = asked({ metadata: only(["a"]), beyondScope });
    expect(scoped.ineffective).toEqual([]);
    expect(scoped.ways.map(({ edge, effect }) => [edge, effect])).toEqual([["pods-exec", "maybe"]]);
    expect(scoped.maybe.cluster).toBe(true);
  });

  test("of no namespace, nothing is said of other ones than these", () => {
    const said = (list: string[]) => report([alices(EXEC)], { metadata: only(list) }).notes.join(" ");
    expect(said([])).not.toContain("RoleBindings of other namespaces");
    expect(said(["a"])).toContain("RoleBindings of other namespaces than a were not looked at.");
  });
});
