import type { Json } from "../../model/api.ts";
import type { LabObject } from "../../model/lab-journal.ts";
import type { ObjectRef } from "../../model/object.ts";

/** A kind that a lab may make. */
export interface LabKind {
  kind: string;
  group: string;
  version: string;
  resource: string;
  namespaced: boolean;
}

function kindOf(kind: string, group: string, resource: string, namespaced = true): LabKind {
  return { kind, group, version: "v1", resource, namespaced };
}

const RBAC = "rbac.authorization.k8s.io";

/**
 * Every kind that a lab may make: it asks for the rights to these first, refuses to make others, and looks for these in the
 * end. What makes others stands behind them, since the last is taken down first.
 */
export const LAB_KINDS: readonly LabKind[] = [
  kindOf("Namespace", "", "namespaces", false),
  kindOf("ResourceQuota", "", "resourcequotas"),
  kindOf("LimitRange", "", "limitranges"),
  kindOf("NetworkPolicy", "networking.k8s.io", "networkpolicies"),
  kindOf("ServiceAccount", "", "serviceaccounts"),
  kindOf("Secret", "", "secrets"),
  kindOf("ConfigMap", "", "configmaps"),
  kindOf("Role", RBAC, "roles"),
  kindOf("RoleBinding", RBAC, "rolebindings"),
  kindOf("Pod", "", "pods"),
  kindOf("Job", "batch", "jobs"),
  kindOf("CronJob", "batch", "cronjobs"),
];

/** The path of the objects of a kind; `namespace` null is all namespaces, or a kind that stands in none. */
export function collectionPath(
  { group, version, resource }: Omit<LabKind, "kind" | "namespaced">,
  namespace: string | null,
): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === null ? "" : `/namespaces/${namespace}`}/${resource}`;
}

/** The path of one object. */
export function objectPath(object: LabObject): string {
  return `${collectionPath(object, object.namespace)}/${object.name}`;
}

/** What an object that is to be made is called. Throws where its kind is none of a lab's, or it has no name of its own. */
export function nameOf(object: Json): LabObject {
  const { apiVersion, kind, metadata } = object as { apiVersion?: string; kind?: string; metadata?: Json };
  const known = LAB_KINDS.find((one) => one.kind === kind && groupVersionOf(one) === apiVersion);
  if (known === undefined) throw new Error(`a lab makes no ${String(kind)} of ${String(apiVersion)}`);
  const { name, namespace } = (metadata ?? {}) as { name?: unknown; namespace?: unknown };
  if (typeof name !== "string") throw new Error(`a ${known.kind} of a lab has a name of its own`);
  const { namespaced, ...rest } = known;
  if (namespaced !== (typeof namespace === "string"))
    throw new Error(`${known.kind} ${name} has not the namespace it needs`);
  return { ...rest, namespace: typeof namespace === "string" ? namespace : null, name };
}

function groupVersionOf({ group, version }: LabKind): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The object as reports name it. */
export function refTo({ kind, namespace, name }: LabObject, uid: string | null = null): ObjectRef {
  return { kind, namespace, name, uid };
}

/** `Role reader in cronaudit-lab-r0` for messages. */
export function inWordsOf({ kind, namespace, name }: LabObject): string {
  return `${kind} ${name}${namespace === null ? "" : ` in ${namespace}`}`;
}
