import fc from "fast-check";
import type { Role, RoleBinding, Subject } from "../../../src/model/access.ts";
import type { ObjectMeta, Time } from "../../../src/model/object.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { ago, cronJob, DAY } from "../batch/objects.ts";
import { rule } from "../rbac/fixture.ts";

/** Who may be bound. */
export const SUBJECTS: Subject[] = [
  { kind: "User", namespace: null, name: "alice" },
  { kind: "User", namespace: null, name: "system:node:n1" },
  { kind: "Group", namespace: null, name: "team" },
  { kind: "Group", namespace: null, name: "system:masters" },
  { kind: "Group", namespace: null, name: "system:authenticated" },
  { kind: "ServiceAccount", namespace: "x", name: "default" },
];

const rules = fc
  .subarray(
    [
      rule("get,list,watch", "pods,secrets,configmaps"),
      rule("list", "pods"),
      rule("get", "pods/log"),
      rule("get", "jobs,cronjobs", [], ["batch"]),
      rule("get", "secrets", ["s1"]),
      rule("get", "pods", ["a"]),
      rule("get", "nodes/proxy"),
    ],
    { minLength: 1, maxLength: 3 },
  )
  .map((all) => [...all]);
const grantTime = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 * DAY }).map(ago) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const rbacMeta = (inNamespace: string | null, named: string, created: Time | null): ObjectMeta => ({
  ...cronJob(named).meta,
  namespace: inNamespace,
  uid: `rbac/${inNamespace ?? ""}/${named}`,
  creationTimestamp: created,
});

export const binding: fc.Arbitrary<{ role: Role; binding: RoleBinding }> = fc
  .record({
    inNamespace: fc.constantFrom<string | null>("x", "y", null),
    number: fc.nat(999_999),
    rules,
    roleAt: grantTime,
    at: grantTime,
    subjects: fc.subarray(SUBJECTS, { minLength: 1, maxLength: 2 }),
  })
  .map(({ inNamespace, number, rules: its, roleAt, at, subjects }) => {
    const named = `r${String(number)}`;
    const [roleKind, kind] = inNamespace === null ? ["ClusterRole", "ClusterRoleBinding"] : ["Role", "RoleBinding"];
    return {
      role: { kind: roleKind, meta: rbacMeta(inNamespace, named, roleAt), rules: its, aggregation: null } as Role,
      binding: {
        kind,
        meta: rbacMeta(inNamespace, named, at),
        roleRef: { kind: roleKind, name: named },
        subjects,
      } as RoleBinding,
    };
  });

/** The snapshot with these grants. */
export function granting(to: Snapshot, grants: readonly { role: Role; binding: RoleBinding }[]): Snapshot {
  return {
    ...to,
    roles: [...to.roles, ...grants.map(({ role }) => role).filter(({ kind }) => kind === "Role")],
    clusterroles: [...to.clusterroles, ...grants.map(({ role }) => role).filter(({ kind }) => kind !== "Role")],
    rolebindings: [
      ...to.rolebindings,
      ...grants.map((one) => one.binding).filter(({ kind }) => kind === "RoleBinding"),
    ],
    clusterrolebindings: [
      ...to.clusterrolebindings,
      ...grants.map((one) => one.binding).filter(({ kind }) => kind !== "RoleBinding"),
    ],
  };
}
