import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Reach, SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { authorize } from "../../../src/rbac/authorize.ts";
import { compileRbac, type Rbac } from "../../../src/rbac/compile.ts";
import { readersOf } from "../../../src/rbac/readers.ts";
import { accessReport } from "../../../src/rbac/report.ts";
import { identityOf, keysOf, normalise, subjectOfKey } from "../../../src/rbac/subjects.ts";
import { accessOf } from "../../../src/rbac/ways.ts";
import { whoCan } from "../../../src/rbac/who-can.ts";
import { worldOf, type World } from "../../../src/rbac/world.ts";
import { selection, snapshotOf } from "./fixture.ts";
import { randomRbac, randomSource, type RandomRbac } from "./random-rbac.ts";

const NAMESPACES = ["a", "b", "c"];
const UNMENTIONED = "no-rule-names-this";
const ELSEWHERE = "a-namespace-made-later";
const NAMED = ["get", "list", "watch", "patch", "delete"];
const UNNAMED = ["list", "watch", "deletecollection"];

/** A seed and its set; a failure prints the seed alone. */
class Sample {
  readonly set: RandomRbac;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.set = randomRbac(seed, NAMESPACES);
  }

  [fc.toStringMethod](): string {
    return `randomRbac(${String(this.#seed)}, …)`;
  }
}

const sets = fc.integer({ min: 0, max: 0xffff_ffff }).map((seed) => new Sample(seed));
const runs = { numRuns: 300 };

/** Where the machine does other work as well. */
const patient = { timeout: 60_000 };

function compiled(set: RandomRbac): Rbac {
  return compileRbac(snapshotOf(set.manifests, set.namespaces));
}

function worldFor(set: RandomRbac): World {
  const snapshot = snapshotOf(set.manifests, set.namespaces);
  return worldOf(snapshot, compileRbac(snapshot));
}

function directReach(world: World, subject: SubjectRef): Reach {
  return accessOf(world, subject, { maxHops: 0 }).direct;
}

function may(rbac: Rbac, subject: SubjectRef, verb: string, namespace: string, name: string): boolean {
  const request = { verb, group: "", resource: "secrets", subresource: "", namespace, name };
  return authorize(rbac, identityOf(normalise(subject)), request).allowed;
}

/** Tries every request that returns the Secret, as somebody who knows its name would. */
function reads(rbac: Rbac, subject: SubjectRef, namespace: string, name: string): boolean {
  return (
    NAMED.some((verb) => may(rbac, subject, verb, namespace, name)) ||
    UNNAMED.some((verb) => may(rbac, subject, verb, namespace, ""))
  );
}

function covers(reach: Reach, namespace: string, name: string): boolean {
  return (
    reach.cluster ||
    reach.namespaces.includes(namespace) ||
    reach.secrets.some((secret) => secret.namespace === namespace && secret.name === name)
  );
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

describe("reach", () => {
  test("holds exactly the Secrets that the authorizer gives, over every namespace and name", patient, () => {
    fc.assert(
      fc.property(sets, ({ set }) => {
        const world = worldFor(set);
        const { rbac } = world;
        for (const subject of set.subjects) {
          const reach = directReach(world, subject);
          expect(reach.cluster).toBe(reads(rbac, subject, ELSEWHERE, UNMENTIONED));
          for (const namespace of set.namespaces) {
            for (const name of [...set.names, UNMENTIONED]) {
              expect(covers(reach, namespace, name)).toBe(reads(rbac, subject, namespace, name));
            }
          }
        }
      }),
      runs,
    );
  });

  test("is the smallest set that says it: no part of it is covered by the rest", () => {
    fc.assert(
      fc.property(sets, ({ set }) => {
        const world = worldFor(set);
        const { rbac } = world;
        for (const subject of set.subjects) {
          const { cluster, namespaces, secrets } = directReach(world, subject);
          if (cluster) expect([namespaces, secrets]).toEqual([[], []]);
          expect(new Set(namespaces).size).toBe(namespaces.length);
          expect(new Set(secrets.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(secrets.length);
          for (const { namespace } of secrets) expect(namespaces).not.toContain(namespace);
          for (const namespace of namespaces) expect(reads(rbac, subject, namespace, UNMENTIONED)).toBe(true);
        }
      }),
      runs,
    );
  });
});

describe("who can", () => {
  test("is the reverse of authorize", () => {
    fc.assert(
      fc.property(sets, fc.constantFrom("get", "list", "watch", "deletecollection"), ({ set }, verb) => {
        const rbac = compiled(set);
        for (const namespace of ["", ...set.namespaces]) {
          for (const name of ["", ...set.names]) {
            const request = { verb, group: "", resource: "secrets", subresource: "", namespace, name };
            const granted = new Set(whoCan(rbac, request).map(({ subject }) => JSON.stringify(subject)));
            for (const subject of set.subjects) {
              const identity = identityOf(normalise(subject));
              const named = keysOf(identity).some((key) => granted.has(JSON.stringify(subjectOfKey(key))));
              expect(named).toBe(authorize(rbac, identity, request).allowed);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test("readers are those whom some read request is granted to", patient, () => {
    fc.assert(
      fc.property(sets, ({ set }) => {
        const rbac = compiled(set);
        for (const namespace of set.namespaces) {
          for (const name of [...set.names, UNMENTIONED]) {
            const object = { group: "", resource: "secrets", namespace, name };
            const readers = new Set(readersOf(rbac, object).items.map(({ subject }) => JSON.stringify(subject)));
            for (const subject of set.subjects) {
              const keys = keysOf(identityOf(normalise(subject)));
              const reader = keys.some((key) => readers.has(JSON.stringify(subjectOfKey(key))));
              expect(reader).toBe(reads(rbac, subject, namespace, name));
            }
          }
        }
      }),
      runs,
    );
  });

  test("a binding more never takes a reader away", () => {
    fc.assert(
      fc.property(sets, fc.nat(), ({ set }, which) => {
        const bindings = set.manifests.filter((manifest) => "roleRef" in manifest);
        const left = set.manifests.filter((manifest) => manifest !== bindings[which % bindings.length]);
        const [more, fewer] = [compiled(set), compiled({ ...set, manifests: left })];
        for (const namespace of set.namespaces) {
          for (const name of set.names) {
            const object = { group: "", resource: "secrets", namespace, name };
            const all = new Map(
              readersOf(more, object).items.map(({ subject, through }) => [JSON.stringify(subject), through]),
            );
            for (const { subject, through } of readersOf(fewer, object).items) {
              expect(all.get(JSON.stringify(subject))).toEqual(expect.arrayContaining(through));
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("the order of the evidence does not show in the report", () => {
  fc.assert(
    fc.property(sets, fc.integer(), ({ set }, seed) => {
      const random = randomSource(seed);
      const straight = snapshotOf(set.manifests, set.namespaces);
      const mixed: Snapshot = { ...straight };
      for (const list of ["roles", "clusterroles", "rolebindings", "clusterrolebindings", "namespaces"] as const) {
        Object.assign(mixed, { [list]: shuffled<unknown>(straight[list], random) });
      }
      const swapSubjects = (binding: Snapshot["rolebindings"][number]) => ({
        ...binding,
        subjects: shuffled(binding.subjects, random),
      });
      mixed.rolebindings = mixed.rolebindings.map(swapSubjects);
      mixed.clusterrolebindings = mixed.clusterrolebindings.map(swapSubjects);

      const named = set.subjects.filter(({ kind }) => kind === "ServiceAccount" || kind === "Group");
      const known = named.filter(({ kind, name }) => kind === "Group" && name.startsWith("system:"));
      const asked = selection({ subjects: known });
      expect(JSON.stringify(accessReport(mixed, asked))).toBe(JSON.stringify(accessReport(straight, asked)));
      for (const namespace of set.namespaces) {
        for (const resource of ["secrets", "pods"]) {
          const object = { group: "", resource, namespace, name: "db" };
          const answers = [straight, mixed].map((from) => JSON.stringify(readersOf(compileRbac(from), object)));
          expect(answers[1]).toBe(answers[0]);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("random sets are repeatable, and rich enough to prove something", () => {
  expect(randomRbac(7, NAMESPACES)).toEqual(randomRbac(7, NAMESPACES));
  const answers = { yes: 0, no: 0, cluster: 0, whole: 0, named: 0 };
  for (let seed = 0; seed < 100; seed++) {
    const set = randomRbac(seed, NAMESPACES);
    const world = worldFor(set);
    const { rbac } = world;
    for (const subject of set.subjects) {
      const { cluster, namespaces, secrets } = directReach(world, subject);
      answers.cluster += Number(cluster);
      answers.whole += Number(namespaces.length > 0);
      answers.named += Number(secrets.length > 0);
      for (const name of set.names) answers[reads(rbac, subject, "a", name) ? "yes" : "no"]++;
    }
  }
  // Far from all or nothing, so that a mistake in either direction is seen.
  expect(answers.yes / (answers.yes + answers.no)).toBeGreaterThan(0.15);
  expect(answers.no / (answers.yes + answers.no)).toBeGreaterThan(0.15);
  for (const count of [answers.cluster, answers.whole, answers.named]) expect(count).toBeGreaterThan(50);
});
