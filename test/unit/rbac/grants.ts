import type { PolicyRule, Subject } from "../../../src/model/access.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { BlindSpot, Namespace, Resource, Snapshot } from "../../../src/model/snapshot.ts";
import type { Pod } from "../../../src/model/workload.ts";
import { compileRbac } from "../../../src/rbac/compile.ts";
import { accessOf, type Access } from "../../../src/rbac/ways.ts";
import { worldOf } from "../../../src/rbac/world.ts";
import { bind, bindCluster, clusterRole, meta, pod, role, rule, snapshot, user } from "./fixture.ts";

/** A binding and the role that it refers to, both under one name that no test need know. */
export interface Grant {
  to: Subject;
  where: string | null;
  rules: PolicyRule[];
}

export const RBAC = "rbac.authorization.k8s.io";
export const AUTHENTICATION = "authentication.k8s.io";
export const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
export const ALL = rule("*", "*", [], ["*"]);

/** A ClusterRoleBinding. */
export function everywhere(to: Subject, ...rules: PolicyRule[]): Grant {
  return { to, where: null, rules };
}

/** A RoleBinding. */
export function within(where: string, to: Subject, ...rules: PolicyRule[]): Grant {
  return { to, where, rules };
}

/** A snapshot with these grants, and with whatever else is given. */
export function granted(grants: readonly Grant[], parts: Partial<Snapshot> = {}): Snapshot {
  const { roles = [], rolebindings = [], clusterroles = [], clusterrolebindings = [], ...others } = parts;
  const name = (index: number): string => `grant-${String(index)}`;
  const made = grants.map(({ to, where, rules }, index) =>
    where === null
      ? { role: clusterRole(name(index), rules), binding: bindCluster(name(index), `ClusterRole/${name(index)}`, [to]) }
      : { role: role(where, name(index), rules), binding: bind(where, name(index), `Role/${name(index)}`, [to]) },
  );
  const roleOf = (kind: string) => made.flatMap((one) => (one.role.kind === kind ? [one.role] : []));
  const bindingOf = (kind: string) => made.flatMap((one) => (one.binding.kind === kind ? [one.binding] : []));
  return snapshot({
    roles: [...roleOf("Role"), ...roles],
    clusterroles: [...roleOf("ClusterRole"), ...clusterroles],
    rolebindings: [...bindingOf("RoleBinding"), ...rolebindings],
    clusterrolebindings: [...bindingOf("ClusterRoleBinding"), ...clusterrolebindings],
    ...others,
  });
}

/** What a subject, alice unless another is given, comes to by these grants. */
export function access(grants: readonly Grant[], parts: Partial<Snapshot> = {}, subject = alice): Access {
  const evidence = granted(grants, parts);
  return accessOf(worldOf(evidence, compileRbac(evidence)), subject, { maxHops: null });
}

/** A grant to alice of nothing but these rules, everywhere. */
export function alices(...rules: PolicyRule[]): Grant {
  return everywhere(user("alice"), ...rules);
}

export function namespaces(...names: string[]): Namespace[] {
  return names.map((name) => ({ kind: "Namespace", meta: meta(null, name) }));
}

/** A pod that runs, on a node if one is given. */
export function runningPod(namespace: string, name: string, more: Partial<Pod["meta"]> = {}, node?: string): Pod {
  const made = pod(namespace, name, "default", more);
  return { ...made, phase: "Running", template: { ...made.template, nodeName: node ?? null } };
}

/** The list of a kind, refused in all of the cluster. */
export function forbidden(resource: Resource): BlindSpot {
  return {
    verb: "list",
    group: "",
    resource,
    namespace: null,
    except: [],
    reason: "Forbidden",
    message: `${resource} is forbidden`,
    blinds: [],
  };
}
