/** An RFC 3339 time in UTC, as the API server writes it: `2026-11-22T05:41:09Z`. */
export type Time = string;

/** Names one object of the cluster. `namespace` is null for cluster-scoped kinds, `uid` where only the name is known. */
export interface ObjectRef {
  apiVersion?: string;
  kind: string;
  namespace: string | null;
  name: string;
  uid: string | null;
}

/** metadata.ownerReferences[]. `controller` is false where absent. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
}

/**
 * One metadata.managedFields[] entry, reduced to what dates a grant or a literal.
 * `time` moves with every change that this manager makes, so it bounds from above when a field was set.
 */
export interface FieldManager {
  manager: string;
  operation: string;
  subresource: string | null;
  time: Time | null;
  /**
   * Owned fields that a report dates, as paths with list keys instead of indexes:
   * `spec.containers[backup].env[DB_PASSWORD]`, `spec.containers[backup].args`, `metadata.annotations[x]`, `rules`, `subjects`.
   * Pod template paths are relative to the pod (`spec.containers…`), whatever object carries the template.
   */
  fields: string[];
}

/** metadata, reduced. Values of annotations never get here, except those of the few that Kubernetes itself writes. */
export interface ObjectMeta {
  name: string;
  namespace: string | null;
  uid: string;
  resourceVersion: string;
  creationTimestamp: Time | null;
  deletionTimestamp: Time | null;
  deletionGracePeriodSeconds: number | null;
  labels: Record<string, string>;
  /** Only well-known annotations with values that Kubernetes itself writes (evidence/metadata.ts lists them). */
  annotations: Record<string, string>;
  ownerReferences: OwnerReference[];
  finalizers: string[];
  managedFields: FieldManager[];
}
