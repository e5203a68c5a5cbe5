import { describe, expect, test } from "vitest";
import { EVERY_SECRET, NO_SECRET } from "../../../src/rbac/scopes.ts";
import { clusterRole, group, rule, sa, serviceAccount, user } from "./fixture.ts";
import { access, ALL, alices, AUTHENTICATION, everywhere, namespaces, RBAC, runningPod, within } from "./grants.ts";

const LIST = rule("list", "secrets");
const impersonate = (resource: string, ...names: string[]) => rule("impersonate", resource, names);

describe("impersonation", () => {
  test("is not chained: each header is authorized against whoever is authenticated (impersonation.go)", () => {
    const { reach, ways } = access([
      alices(impersonate("users", "bob")),
      everywhere(user("bob"), impersonate("users", "carol")),
      everywhere(user("carol"), LIST),
    ]);
    expect(reach).toEqual(NO_SECRET);
    expect(ways.map(({ edges }) => edges)).toEqual([["users-impersonate"]]);
  });

  test("goes on where a token is made meanwhile, because whoever holds it is authenticated by it (token.go)", () => {
    const grants = [
      alices(impersonate("serviceaccounts", "x")),
      within("a", sa("x"), rule("create", "serviceaccounts/token", ["y"])),
    ];
    const serviceaccounts = [serviceAccount("a", "x"), serviceAccount("a", "y")];
    const reads = access([...grants, everywhere(sa("y", "a"), LIST)], { serviceaccounts });
    expect(reads.reach).toEqual(EVERY_SECRET);
    const next = [everywhere(sa("y", "a"), impersonate("users", "carol")), everywhere(user("carol"), LIST)];
    const { reach, ways } = access([...grants, ...next], { serviceaccounts });
    expect(reach).toEqual(EVERY_SECRET);
    expect(ways.map(({ edges }) => edges)).toContainEqual([
      "serviceaccounts-impersonate",
      "serviceaccounts-token",
      "users-impersonate",
      "secrets-list",
    ]);
  });

  test("is not chained by a node whose name and group are impersonated (impersonation.go)", () => {
    const { reach } = access([
      alices(impersonate("users", "system:node:n1"), impersonate("groups", "system:nodes")),
      everywhere(group("system:nodes"), impersonate("users", "carol")),
      everywhere(user("carol"), LIST),
    ]);
    expect(reach).toEqual(NO_SECRET);
  });

  test("is not chained by a role that the impersonated account may bind (impersonation.go)", () => {
    const bindsView = [
      rule("bind", "clusterroles", ["view"], [RBAC]),
      rule("create", "clusterrolebindings", [], [RBAC]),
      impersonate("users", "carol"),
    ];
    const grants = [everywhere(sa("x", "a"), ...bindsView), everywhere(user("carol"), LIST)];
    const { reach } = access([alices(impersonate("serviceaccounts", "x")), ...grants], {
      namespaces: namespaces("a"),
      clusterroles: [clusterRole("view", [rule("get", "pods")])],
    });
    expect(reach).toEqual(NO_SECRET);
  });

  test("of a node's user lends its name and not the group system:nodes (impersonation.go)", () => {
    const grants = [alices(impersonate("users")), everywhere(group("system:nodes"), LIST)];
    const node = user("system:node:n1");
    expect(access([...grants, everywhere(node, rule("get", "nodes"))]).reach).toEqual(NO_SECRET);
    const reads = everywhere(node, rule("get", "secrets"));
    expect(access([...grants, reads]).reach).toEqual(EVERY_SECRET);
    expect(access([alices(impersonate("users", "system:node:n1")), reads]).reach).toEqual(EVERY_SECRET);
  });

  test("with groups gives those and system:authenticated: none is implied by another (impersonation.go)", () => {
    const grants = [alices(impersonate("users", "bob"), impersonate("groups", "system:serviceaccounts:a"))];
    expect(access([...grants, everywhere(group("system:serviceaccounts"), LIST)]).reach).toEqual(NO_SECRET);
    expect(access([...grants, everywhere(group("system:serviceaccounts:a"), LIST)]).reach).toEqual(EVERY_SECRET);
    expect(access([...grants, everywhere(group("system:authenticated"), LIST)]).reach).toEqual(EVERY_SECRET);
  });

  test("of a ServiceAccount takes a name that one can have; the star is a name like any other (util.go)", () => {
    const grants = [everywhere(sa("A_b", "a"), LIST), everywhere(sa("*", "a"), LIST)];
    const parts = { serviceaccounts: [serviceAccount("a", "x")] };
    const { reach, ways } = access([alices(impersonate("serviceaccounts", "*", "A_b")), ...grants], parts);
    expect(reach).toEqual(NO_SECRET);
    expect(ways).toEqual([]);
  });
});

describe("constrained impersonation", () => {
  const lend = (mode: string, resource: string, ...names: string[]) =>
    rule(`impersonate:${mode}`, resource, names, [AUTHENTICATION]);

  test("knows no wildcard after impersonate-on: verbs are compared letter by letter (evaluation_helpers.go)", () => {
    const admin = everywhere(sa("adm", "a"), ALL);
    const parts = { namespaces: namespaces("a") };
    const on = (verb: string) =>
      access(
        [
          alices(
            lend("serviceaccount", "serviceaccounts", "adm"),
            rule(`impersonate-on:serviceaccount:${verb}`, "*", [], ["*"]),
          ),
          admin,
        ],
        parts,
      );
    expect(on("*").reach).toEqual(NO_SECRET);
    expect(on("list").reach).toEqual(EVERY_SECRET);
  });

  test("allows what the other may do and the holder on its behalf: pods by an admin's hand (mode.go)", () => {
    const { reach, ways } = access(
      [
        alices(lend("serviceaccount", "serviceaccounts", "adm"), rule("impersonate-on:serviceaccount:create", "pods")),
        everywhere(sa("adm", "a"), ALL),
      ],
      { namespaces: namespaces("a") },
    );
    expect(reach).toEqual(EVERY_SECRET);
    expect(ways.map(({ edges }) => edges)).toContainEqual(["impersonate-constrained", "pods-create"]);
  });

  test("of user-info is not for names of ServiceAccounts and nodes, which have modes of their own (mode.go)", () => {
    const as = (name: string) =>
      access([
        alices(lend("user-info", "users", name), rule("impersonate-on:user-info:list", "secrets")),
        ...[user(name), sa("x", "a")].map((to) => everywhere(to, LIST)),
      ]).reach;
    expect(as("system:serviceaccount:a:x")).toEqual(NO_SECRET);
    expect(as("system:node:n1")).toEqual(NO_SECRET);
    expect(as("bob")).toEqual(EVERY_SECRET);
  });
});

describe("a certificate of a kubelet", () => {
  const csr = (verb: string, resource: string, ...names: string[]) =>
    rule(verb, resource, names, ["certificates.k8s.io"]);
  const signs = alices(
    csr("create", "certificatesigningrequests"),
    csr("update", "certificatesigningrequests/approval"),
    csr("approve", "signers", "kubernetes.io/kube-apiserver-client-kubelet"),
  );

  test("is in the group system:nodes, whether or not a pod shows a node (pkg/controller/certificates/signer)", () => {
    const grants = [signs, everywhere(group("system:nodes"), LIST)];
    expect(access(grants).reach).toEqual(EVERY_SECRET);
    expect(access(grants, { pods: [runningPod("a", "p", {}, "n1")] }).reach).toEqual(EVERY_SECRET);
    expect(access([signs, everywhere(user("bob"), LIST)]).reach).toEqual(NO_SECRET);
  });

  test("carries whichever node's name is asked for, that of one without pods too (validation of the CSR's subject)", () => {
    expect(access([signs, everywhere(user("system:node:n9"), LIST)]).reach).toEqual(EVERY_SECRET);
  });
});
