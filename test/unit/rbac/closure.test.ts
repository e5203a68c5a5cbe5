import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reach, SubjectRef } from "../../../src/model/report.ts";
import { authorize } from "../../../src/rbac/authorize.ts";
import { compileRbac, type Rbac } from "../../../src/rbac/compile.ts";
import { covers, unite } from "../../../src/rbac/scopes.ts";
import { identityOf } from "../../../src/rbac/subjects.ts";
import { accessOf } from "../../../src/rbac/ways.ts";
import { worldOf, type World } from "../../../src/rbac/world.ts";
import { account, bind, bindCluster, clusterRole, role, rule, sa, serviceAccount, snapshot } from "./fixture.ts";

const NAMESPACES = ["a", "b", "c"];
const ACCOUNTS = ["one", "two"];
const NAMES = ["db", "api"];
const everybody = NAMESPACES.flatMap((namespace) => ACCOUNTS.map((name) => account(namespace, name)));

/** Rules that read, and rules by which somebody acts as somebody else; each with and without names. */
const RULES = [
  rule("get", "secrets", ["db"]),
  rule("list", "secrets"),
  rule("patch", "secrets", ["api"]),
  rule("create", "pods"),
  rule("create", "serviceaccounts/token"),
  rule("create", "serviceaccounts/token", ["two"]),
  rule("impersonate", "serviceaccounts", ["one"]),
  rule("impersonate", "serviceaccounts"),
  rule("create", "pods", ["db"]),
  rule("update", "events"),
];

interface Grant {
  to: SubjectRef;
  where: string | null;
  rules: number[];
}

const grants = fc.array(
  fc.record({
    to: fc.constantFrom(...everybody),
    where: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...NAMESPACES) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    rules: fc.array(fc.nat(RULES.length - 1), { minLength: 1, maxLength: 2 }),
  }),
  { maxLength: 8 },
);

function worldFor(all: readonly Grant[]): World {
  const evidence = snapshot({
    namespaces: NAMESPACES.map((name) => ({ kind: "Namespace" as const, meta: clusterRole(name, []).meta })),
    serviceaccounts: everybody.map(({ namespace, name }) => serviceAccount(namespace!, name)),
    roles: all.flatMap(({ where, rules }, at) =>
      where === null
        ? []
        : [
            role(
              where,
              `r${String(at)}`,
              rules.map((index) => RULES[index]!),
            ),
          ],
    ),
    clusterroles: all.flatMap(({ where, rules }, at) =>
      where === null
        ? [
            clusterRole(
              `r${String(at)}`,
              rules.map((index) => RULES[index]!),
            ),
          ]
        : [],
    ),
    rolebindings: all.flatMap(({ where, to }, at) =>
      where === null ? [] : [bind(where, `b${String(at)}`, `Role/r${String(at)}`, [sa(to.name, to.namespace)])],
    ),
    clusterrolebindings: all.flatMap(({ where, to }, at) =>
      where === null ? [bindCluster(`b${String(at)}`, `ClusterRole/r${String(at)}`, [sa(to.name, to.namespace)])] : [],
    ),
  });
  return worldOf(evidence, compileRbac(evidence));
}

function may(rbac: Rbac, who: SubjectRef, verb: string, path: string, namespace: string, name: string): boolean {
  const [resource = "", subresource = ""] = path.split("/");
  return authorize(rbac, identityOf(who), { verb, group: "", resource, subresource, namespace, name }).allowed;
}

/**
 * The same question answered the slow way: one request after the other, until nothing more is gained. Whoever is only
 * impersonated impersonates nobody: the API server asks whether the one who is authenticated may.
 */
function slowly(rbac: Rbac, start: SubjectRef): Set<string> {
  const controlled = [{ who: start, lent: false }];
  const key = ({ namespace, name }: SubjectRef): string => `${namespace!}/${name}`;
  for (const { who, lent } of controlled) {
    for (const other of everybody) {
      const has = (as: boolean): boolean => controlled.some((one) => key(one.who) === key(other) && one.lent === as);
      const namespace = other.namespace!;
      const itself =
        may(rbac, who, "create", "serviceaccounts/token", namespace, other.name) ||
        may(rbac, who, "create", "pods", namespace, "");
      if (itself && !has(false)) controlled.push({ who: other, lent: false });
      if (!lent && !has(true) && may(rbac, who, "impersonate", "serviceaccounts", namespace, other.name)) {
        controlled.push({ who: other, lent: true });
      }
    }
  }
  const read = new Set<string>();
  for (const { who } of controlled) {
    for (const namespace of NAMESPACES) {
      for (const name of NAMES) {
        const reads =
          may(rbac, who, "create", "pods", namespace, "") ||
          may(rbac, who, "list", "secrets", namespace, "") ||
          ["get", "patch"].some((verb) => may(rbac, who, verb, "secrets", namespace, name));
        if (reads) read.add(`${namespace}/${name}`);
      }
    }
  }
  return read;
}

function secretsOf(reach: Reach): Set<string> {
  return new Set(
    NAMESPACES.flatMap((namespace) =>
      NAMES.filter((name) => covers(reach, { namespace, name })).map((name) => `${namespace}/${name}`),
    ),
  );
}

describe("the closure", () => {
  test(
    "is what the authorizer gives when every request is tried, again and again, by everybody who is come to",
    { timeout: 60_000 },
    () => {
      let longest = 0;
      fc.assert(
        fc.property(grants, (all) => {
          const world = worldFor(all);
          for (const subject of everybody) {
            const { reach, ways } = accessOf(world, subject, { maxHops: null });
            expect(secretsOf(reach)).toEqual(slowly(world.rbac, subject));
            longest = Math.max(longest, ...ways.map(({ edges }) => edges.length));
          }
        }),
        { numRuns: 1000 },
      );
      // A generator without chains would prove nothing.
      expect(longest).toBeGreaterThanOrEqual(4);
    },
  );

  test(
    "is said by its ways: what is certain is their union, and each longer one adds something",
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(grants, (all) => {
          const world = worldFor(all);
          for (const subject of everybody) {
            const { reach, direct, ways, maybe } = accessOf(world, subject, { maxHops: null });
            const certain = ways.filter(({ effect }) => effect !== "maybe");
            expect(unite(certain.map(({ scope }) => scope))).toEqual(reach);
            expect(unite([direct, reach])).toEqual(reach);
            expect(unite([maybe, ...ways.map(({ scope }) => scope)])).toEqual(unite(ways.map(({ scope }) => scope)));
            for (const way of certain.filter(({ edges }) => edges.length > 1)) {
              const others = certain.filter((other) => other !== way && other.edges.length <= way.edges.length);
              const shorter = others.filter(({ edges }) => edges.length < way.edges.length);
              expect(unite([...shorter.map(({ scope }) => scope), way.scope])).not.toEqual(
                unite(shorter.map(({ scope }) => scope)),
              );
            }
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  test("grows with the hops that are followed, from direct reads to all of it", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(grants, (all) => {
        const world = worldFor(all);
        for (const subject of everybody) {
          const at = (maxHops: number | null): Reach => accessOf(world, subject, { maxHops }).reach;
          const steps = [0, 1, 2, 3].map(at);
          for (const [index, reach] of steps.entries()) {
            expect(unite([reach, steps[index + 1] ?? at(null)])).toEqual(steps[index + 1] ?? at(null));
          }
          expect(at(0)).toEqual(accessOf(world, subject, { maxHops: null }).direct);
          expect(at(50)).toEqual(at(null));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a grant more takes nothing away", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(grants, fc.nat(), (all, which) => {
        const fewer = worldFor(all.filter((_, index) => index !== which % Math.max(1, all.length)));
        const more = worldFor(all);
        for (const subject of everybody) {
          const [less, full] = [fewer, more].map((world) =>
            secretsOf(accessOf(world, subject, { maxHops: null }).reach),
          );
          expect(full!.isSupersetOf(less!)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("ends in a circle of accounts that act as each other", () => {
    const circle: Grant[] = NAMESPACES.map((where, at) => ({
      to: account(NAMESPACES[(at + 1) % 3]!, "one"),
      where,
      rules: [4],
    }));
    const world = worldFor([...circle, { to: account("c", "one"), where: "c", rules: [1] }]);
    for (const namespace of NAMESPACES) {
      expect(accessOf(world, account(namespace, "one"), { maxHops: null }).reach.namespaces).toEqual(["c"]);
    }
  });
});
