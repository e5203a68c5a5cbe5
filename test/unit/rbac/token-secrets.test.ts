import { describe, expect, test } from "vitest";
import type { SecretMeta, Snapshot } from "../../../src/model/snapshot.ts";
import { EVERY_SECRET, NO_SECRET } from "../../../src/rbac/scopes.ts";
import { meta, rule, sa, serviceAccount, snapshot, user } from "./fixture.ts";
import { access, alices, everywhere, forbidden, within } from "./grants.ts";

const adm = everywhere(sa("adm", "a"), rule("list", "secrets"));
const listed: Partial<Snapshot> = {
  collected: [...snapshot().collected, "secrets"],
  serviceaccounts: [serviceAccount("a", "adm")],
};

function tokenOf(namespace: string, name: string): SecretMeta {
  const annotations = { "kubernetes.io/service-account.name": name };
  return {
    kind: "Secret",
    meta: meta(namespace, `${name}-token`, { annotations }),
    type: "kubernetes.io/service-account-token",
  };
}

describe("a Secret of a ServiceAccount's token", () => {
  test("that is read speaks for the account (pkg/serviceaccount/legacy.go)", () => {
    const lists = within("a", user("alice"), rule("list", "secrets"));
    const { reach, ways } = access([lists, adm], { ...listed, secrets: [tokenOf("a", "adm")] });
    expect(reach).toEqual(EVERY_SECRET);
    expect(ways.map(({ edges }) => edges)).toContainEqual(["secrets-list", "secret-token", "secrets-list"]);
    expect(access([lists, adm], { ...listed, secrets: [{ ...tokenOf("a", "adm"), type: "Opaque" }] }).reach).toEqual({
      ...NO_SECRET,
      namespaces: ["a"],
    });
  });

  test('that is created is read back by a list without a name; a get always carries one (names [""])', () => {
    const edges = (verb: string) =>
      access([within("a", user("alice"), rule("create", "secrets"), rule(verb, "secrets", [""])), adm], {
        serviceaccounts: [serviceAccount("a", "adm")],
      }).ways.map((way) => way.edges[0]);
    expect(edges("get")).not.toContain("secrets-create");
    expect(edges("list")).toContain("secrets-create");
  });

  test("may exist where the list of Secrets was refused, and then be turned to another account (validation.go)", () => {
    const turns = within("a", user("alice"), rule("update,get", "secrets", ["t"]));
    expect(access([turns, adm], listed).maybe).toEqual(NO_SECRET);
    const blind = access([turns, adm], { ...listed, blindSpots: [forbidden("secrets")] });
    expect(blind.maybe).toEqual(EVERY_SECRET);
    expect(blind.ways.map(({ edges, effect }) => [edges, effect])).toContainEqual([["secrets-update"], "maybe"]);
  });

  test("seen in one namespace does not make less of those where the list was refused", () => {
    const turns = [
      alices(rule("update,get", "secrets", ["adm-token"])),
      everywhere(sa("root", "b"), rule("list", "secrets")),
    ];
    const parts = {
      ...listed,
      serviceaccounts: [serviceAccount("a", "x"), serviceAccount("b", "root")],
      secrets: [tokenOf("a", "adm")],
      blindSpots: [{ ...forbidden("secrets"), except: ["a"] }],
    };
    expect(access(turns, { ...parts, secrets: [] }).maybe).toEqual(EVERY_SECRET);
    expect(access(turns, parts).maybe).toEqual(EVERY_SECRET);
  });
});
