import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { authorize } from "../../../src/rbac/authorize.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { api, isRead, partsOf, type Edge, type Part } from "../../../src/rbac/edge.ts";
import { edges as registered } from "../../../src/rbac/edges/index.generated.ts";
import { readEdges, readersOf, type Readable } from "../../../src/rbac/readers.ts";
import { identityOf, keysOf, normalise, subjectOfKey, subjectText } from "../../../src/rbac/subjects.ts";
import { rightsIn, type Right } from "../../cluster/readers/table.ts";
import { bind, bindCluster, clusterRole, role, rule, snapshot, snapshotOf, user } from "./fixture.ts";
import { randomRbac } from "./random-rbac.ts";

const edges: readonly Edge[] = registered;
const table = rightsIn(readFileSync(join(import.meta.dirname, "../../cluster/readers/table.txt"), "utf8"));

const groupOf = (resource: string) => (resource.endsWith("jobs") ? "batch" : "");
const ruleFor = ({ verb, path }: Right, names: string[] = []) =>
  rule(verb, path, names, [groupOf(api("", path).resource)]);

function object(resource: string, more: Partial<Readable> = {}): Readable {
  return { group: groupOf(resource), resource, namespace: "a", name: "x", ...more };
}

/** The edges by which alice, who has these rules in the namespace, reads an object; null where she does not. */
function through(rules: PolicyRule[], of: Readable, parts: Partial<Snapshot> = {}): string[] | null {
  const roles = [role("a", "r", rules)];
  const rolebindings = [bind("a", "rb", "Role/r", [user("alice")])];
  return readersOf(compileRbac(snapshot({ roles, rolebindings, ...parts })), of).items[0]?.through ?? null;
}

/** The same where a ClusterRoleBinding gives her the rules. */
function throughCluster(rules: PolicyRule[], of: Readable): string[] | null {
  const clusterroles = [clusterRole("r", rules)];
  const clusterrolebindings = [bindCluster("crb", "ClusterRole/r", [user("alice")])];
  return readersOf(compileRbac(snapshot({ clusterroles, clusterrolebindings })), of).items[0]?.through ?? null;
}

describe("one right alone, as it was measured on the control plane", () => {
  test("the table holds what it takes to prove something", () => {
    expect(table.reading).toHaveLength(46);
    expect(table.others.length).toBeGreaterThan(80);
  });

  test.each(table.reading)("$verb $path reads, by its own edge", (right) => {
    const { resource } = api("", right.path);
    const edge = edges.find((one) => isRead(one) && one.name === `${right.verb} ${right.path}`)!;
    const read = (["spec", "metadata", "status", "log"] as const).filter((part) => {
      const found = through([ruleFor(right)], object(resource, { part }));
      expect(found).toEqual(partsOf(edge).includes(part) ? [edge.id] : null);
      return found !== null;
    });
    expect(read).toEqual(partsOf(edge));
    expect(through([ruleFor(right)], object(resource, { namespace: "b" }))).toBeNull();
  });

  test.each(table.others)("$verb $path reads nothing", (right) => {
    const { resource } = api("", right.path);
    for (const part of ["spec", "metadata", "status"] satisfies Part[]) {
      expect(through([ruleFor(right)], object(resource, { part }))).toBeNull();
    }
  });
});

/** The requests by which whoever knows a name reads that object along a right: a list and a watch carry the name or not. */
function requests({ verb, path }: Right, name: string) {
  const names = verb === "deletecollection" ? [""] : verb === "list" || verb === "watch" ? [name, ""] : [name];
  return names.map((name) => ({ verb, ...api("", path), group: groupOf(api("", path).resource), name }));
}

test(
  "readers are those whom the authorizer grants some request of the table, whatever the rules",
  { timeout: 60_000 },
  () => {
    const counts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const set = randomRbac(seed, ["a", "b"]);
        const rbac = compileRbac(snapshotOf(set.manifests, set.namespaces));
        for (const resource of ["pods", "jobs", "cronjobs"]) {
          const along = table.reading.filter(({ path }) => api("", path).resource === resource);
          for (const name of set.names) {
            const readers = new Set(
              readersOf(rbac, object(resource, { name })).items.map(({ subject }) => subjectText(subject)),
            );
            const asked = along.flatMap((right) => requests(right, name)).map((one) => ({ ...one, namespace: "a" }));
            for (const subject of set.subjects) {
              const identity = identityOf(normalise(subject));
              const reads = keysOf(identity).some((key) => readers.has(subjectText(subjectOfKey(key))));
              expect(reads).toBe(asked.some((request) => authorize(rbac, identity, request).allowed));
              counts[reads ? "yes" : "no"]++;
            }
          }
        }
      }),
      { numRuns: 100 },
    );
    // A draw of few rules gives few of one sort; none would prove nothing.
    expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(200);
  },
);

test("each grant alone lets its reader read as it says, and without all of them nothing does", () => {
  let grants = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const set = randomRbac(seed, ["a", "b"]);
      const isBinding = ({ kind }: { kind: string }) => kind.endsWith("Binding");
      const keyOf = (kind: string, namespace: string | null | undefined, name: string) =>
        JSON.stringify([kind, namespace ?? null, name]);
      const keptIf = (keep: (key: string) => boolean) =>
        compileRbac(
          snapshotOf(
            set.manifests.filter(
              (one) => !isBinding(one) || keep(keyOf(one.kind, one.metadata.namespace, one.metadata.name)),
            ),
            set.namespaces,
          ),
        );
      const of = object("pods", { name: set.names[0]! });
      for (const { subject, through, grants: own } of readersOf(
        keptIf(() => true),
        of,
      ).items) {
        expect([...new Set(own.flatMap((grant) => grant.through))].sort()).toEqual(through.toSorted());
        const again = (keep: (key: string) => boolean) =>
          readersOf(keptIf(keep), of).items.find((one) => subjectText(one.subject) === subjectText(subject));
        const bindings = own.map(({ chain: [first] }) => keyOf(first!.kind, first!.namespace, first!.name));
        own.forEach(({ chain, through: edgesOfGrant }, at) => {
          const alone = again((key) => key === bindings[at]);
          const same = alone?.grants.find((grant) => JSON.stringify(grant.chain) === JSON.stringify(chain));
          expect(same?.through).toEqual(edgesOfGrant);
          grants++;
        });
        expect(again((key) => !bindings.includes(key))).toBeUndefined();
      }
    }),
    { numRuns: 300 },
  );
  expect(grants).toBeGreaterThan(300);
});

describe("rules on subresources", () => {
  test("*/status covers each status, and pods/* nothing (evaluation_helpers.go)", () => {
    expect(through([rule("get", "*/status")], object("pods"))).toEqual(["pods-status-get"]);
    expect(through([rule("get", "*/status", [], ["batch"])], object("cronjobs"))).toEqual(["cronjobs-status-get"]);
    expect(through([rule("get", "pods/*")], object("pods"))).toBeNull();
  });

  test("a rule on the resource does not cover them, a rule on all resources does", () => {
    expect(through([rule("update", "jobs", [], ["batch"])], object("jobs"))).toBeNull();
    expect(through([rule("update", "*", [], ["*"])], object("jobs"))).toEqual(["jobs-status-update-read"]);
  });

  test("resourceNames are compared with the object's name", () => {
    for (const right of table.reading.filter(({ verb }) => verb !== "deletecollection")) {
      const { resource } = api("", right.path);
      expect(through([ruleFor(right, ["x"])], object(resource))).toHaveLength(1);
      expect(through([ruleFor(right, ["y"])], object(resource))).toBeNull();
    }
    const all: Right = { verb: "deletecollection", path: "pods" };
    expect(through([ruleFor(all, ["x"])], object("pods"))).toBeNull();
    expect(through([ruleFor(all, [""])], object("pods"))).toEqual(["pods-deletecollection-read"]);
  });

  test("pods/resize reads nothing before it existed, and may where the version is not known", () => {
    const right = [rule("get", "pods/resize")];
    const on = (version: string | null): Partial<Snapshot> => {
      const { metadata } = snapshot();
      return { metadata: { ...metadata, cluster: { ...metadata.cluster, version } } };
    };
    expect(through(right, object("pods"), on("v1.32.9"))).toBeNull();
    expect(through(right, object("pods"), on("v1.33.0"))).toEqual(["pods-resize-get"]);
    expect(through(right, object("pods"), on(null))).toEqual(["pods-resize-get"]);
  });
});

describe("what a container printed", () => {
  test("is read by get pods/log, and by no right to the pod", () => {
    expect(through([rule("get", "pods/log")], object("pods", { part: "log" }))).toEqual(["pods-log"]);
    expect(through([rule("get", "pods/log")], object("pods"))).toBeNull();
    expect(through([rule("*", "pods,pods/status")], object("pods", { part: "log" }))).toBeNull();
  });
});

describe("the pods of a node", () => {
  const node = object("nodes", { namespace: "", name: "node-1" });

  test.each([
    ["nodes/proxy", "spec", ["nodes-proxy-get"]],
    ["nodes/proxy", "log", ["nodes-proxy-get"]],
    ["nodes/pods", "status", ["nodes-pods-get"]],
    ["nodes/pods", "log", null],
    ["nodes/log", "log", ["nodes-log-get"]],
    ["nodes/log", "spec", null],
    ["nodes", "spec", null],
  ] as const)("get %s: %s", (path, part, expected) => {
    expect(throughCluster([rule("get", path)], { ...node, part })).toEqual(expected);
    expect(throughCluster([rule("create", path)], { ...node, part })).toBeNull();
  });

  test("are read by whoever may on that node, and by no RoleBinding", () => {
    expect(throughCluster([rule("get", "nodes/proxy", ["node-1"])], node)).toEqual(["nodes-proxy-get"]);
    expect(throughCluster([rule("get", "nodes/proxy", ["node-2"])], node)).toBeNull();
    expect(through([rule("get", "nodes/proxy")], node)).toBeNull();
  });
});

test("what is deleted is read back by list and watch alone", () => {
  const rbac = compileRbac(snapshot());
  for (const resource of ["pods", "jobs", "cronjobs", "configmaps"]) {
    const ids = readEdges(rbac, { group: groupOf(resource), resource, deleted: true }).map(({ id }) => id);
    expect(ids).toEqual([`${resource}-list`, `${resource}-watch`]);
  }
  const everything = [rule("*", "pods,pods/status,pods/resize")];
  expect(through(everything, object("pods", { deleted: true }))).toEqual(["pods-list", "pods-watch"]);
});
