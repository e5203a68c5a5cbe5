import { expect, it } from "vitest";
import { mayDelete } from "../../../src/hold/may-delete.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { bind, bindCluster, clusterRole, group, role, rule, sa, snapshot, user } from "../rbac/fixture.ts";

const objects = [
  { kind: "CronJob", namespace: "database", name: "backup", uid: "1" },
  { kind: "Job", namespace: "database", name: "run", uid: "2" },
];

it("names whoever may delete, evict or delete the namespace, and counts what Kubernetes brings", () => {
  const controller = "system:controller:generic-garbage-collector";
  const rbac = compileRbac(
    snapshot({
      roles: [
        role("database", "cleaner", [rule("delete", "jobs", ["run", "other"], ["batch"])]),
        role("database", "elsewhere", [rule("delete", "jobs", ["other"], ["batch"])]),
        role("payments", "cleaner", [rule("*", "*", [], ["*"])]),
      ],
      rolebindings: [
        bind("database", "cleaner", "Role/cleaner", [user("carol")]),
        bind("database", "elsewhere", "Role/elsewhere", [user("dave")]),
        bind("payments", "cleaner", "Role/cleaner", [user("erin")]),
      ],
      clusterroles: [
        clusterRole("evictor", [rule("create", "pods/eviction")]),
        clusterRole("patcher", [rule("patch,update", "jobs,cronjobs", [], ["batch"])]),
        clusterRole("janitor", [rule("deletecollection", "pods"), rule("delete", "namespaces", ["database"])]),
        clusterRole(controller, [rule("delete", "*", [], ["*"])]),
      ],
      clusterrolebindings: [
        bindCluster("evictor", "ClusterRole/evictor", [sa("drainer", "ops")]),
        bindCluster("patcher", "ClusterRole/patcher", [user("patrick")]),
        bindCluster("janitor", "ClusterRole/janitor", [group("ops")]),
        bindCluster(controller, `ClusterRole/${controller}`, [sa("generic-garbage-collector", "kube-system")]),
      ],
    }),
  );
  const found = mayDelete(rbac, objects);
  expect(found.subjects.map(({ subject, can }) => [subject.name, can])).toEqual([
    ["ops", ["deletecollection pods", "delete namespaces"]],
    ["carol", ["delete jobs"]],
    ["drainer", ["evict pods"]],
  ]);
  // The garbage collector and system:masters.
  expect(found).toMatchObject({ builtIn: 2, everyone: false, complete: true });
});
