import { expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { readersOf } from "../../../src/rbac/readers.ts";
import { bind, bindCluster, clusterRole, role, rule, sa, snapshot } from "./fixture.ts";

/** Counts how often a field is read, which is the work done, whatever else the machine does meanwhile. */
function counted<T extends object>(object: T, field: keyof T, count: () => void): T {
  const value = object[field];
  return Object.defineProperty({ ...object }, field, {
    enumerable: true,
    get: () => {
      count();
      return value;
    },
  });
}

/** The shape of a large real cluster at size 1: 4,491 RoleBindings, 676 ClusterRoleBindings, 1,374 Roles, 721 ClusterRoles. */
function cluster(size: number, ruleRead: () => void, bindingRead: () => void): Snapshot {
  const count = (most: number) => Array.from({ length: Math.round(most * size) }, (_, index) => index);
  const place = (index: number) => `ns-${String(index % Math.round(400 * size))}`;
  const rules = () =>
    [rule("get,list,watch", "pods,configmaps"), rule("get", "secrets", ["db", "api"]), rule("create", "events")].map(
      (one) => counted(one, "verbs", ruleRead),
    );
  const clusterRoles = count(721);
  const watched = <T extends ReturnType<typeof bind>>(binding: T): T => ({
    ...binding,
    meta: counted(binding.meta, "creationTimestamp", bindingRead),
  });
  return snapshot({
    roles: count(1374).map((index) => role(place(index), `r-${String(index)}`, rules())),
    clusterroles: clusterRoles.map((index) => clusterRole(`cr-${String(index)}`, rules())),
    rolebindings: count(4491).map((index) => {
      const ref = `ClusterRole/cr-${String(index % clusterRoles.length)}`;
      return watched(bind(place(index), `rb-${String(index)}`, ref, [sa(`x-${String(index)}`)]));
    }),
    clusterrolebindings: count(676).map((index) =>
      watched(
        bindCluster(`crb-${String(index)}`, `ClusterRole/cr-${String(index)}`, [
          sa(`y-${String(index)}`, place(index)),
        ]),
      ),
    ),
  });
}

/** Reads of rules and of bindings for the readers of some objects in each namespace. */
function work(size: number, objects: number): { rules: number; bindings: number; readers: number } {
  const done = { rules: 0, bindings: 0, readers: 0 };
  const evidence = cluster(
    size,
    () => done.rules++,
    () => done.bindings++,
  );
  const rbac = compileRbac(evidence);
  const namespaces = Math.round(400 * size);
  for (let index = 0; index < namespaces * objects; index++) {
    const namespace = `ns-${String(index % namespaces)}`;
    const name = `pod-${String(index)}`;
    done.readers += readersOf(rbac, { group: "", resource: "pods", namespace, name }).items.length;
  }
  return done;
}

test("rules and bindings are read in proportion to their number, not once for each namespace", () => {
  const [half, whole] = [work(0.5, 1), work(1, 1)];
  for (const kind of ["rules", "bindings"] as const) {
    expect(half[kind]).toBeGreaterThan(1000);
    expect(whole[kind] / half[kind]).toBeGreaterThan(1.9);
    expect(whole[kind] / half[kind]).toBeLessThan(2.1);
  }
});

test("a hundred times as many objects read no rule and no binding more", () => {
  const [few, many] = [work(0.1, 1), work(0.1, 100)];
  expect(many.readers).toBe(100 * few.readers);
  expect([many.rules, many.bindings]).toEqual([few.rules, few.bindings]);
});
