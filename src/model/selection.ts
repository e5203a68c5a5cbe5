import type { ObjectRef } from "./object.ts";
import type { Severity, SubjectRef } from "./report.ts";

/** One requirement of a label or field selector, parsed. */
export interface Requirement {
  key: string;
  operator: "=" | "!=" | "in" | "notin" | "exists" | "!exists";
  values: string[];
}

/**
 * What of a report the user asked for. Everything is judged first and selected afterwards:
 * a selector that hid an owner would make its pods look orphaned.
 */
export interface Selection {
  /** Objects named as TYPE/NAME; empty: all. `namespace` null: in any namespace of the scope. */
  objects: Pick<ObjectRef, "kind" | "namespace" | "name">[];
  /** Subjects named as sa/NAME, user:NAME, group:NAME. */
  subjects: SubjectRef[];
  labels: Requirement[];
  /** Only metadata.name, metadata.namespace, status.phase, spec.nodeName and spec.serviceAccountName are known. */
  fields: Requirement[];
  /** Shows credentials recognised as only possible. */
  all: boolean;
  /** Shows built-in readers. */
  allReaders: boolean;
  severityAtLeast: Severity | null;
}

/** What is asked of access besides who. */
export interface AccessQuestion {
  /** The most acts as somebody else; null is all, 0 direct reads alone. */
  maxHops: number | null;
  /** Only who reaches this Secret, and how. */
  secret: { namespace: string; name: string } | null;
  /** Everybody whom the evidence knows, instead of the accounts of workloads. */
  allSubjects: boolean;
}
