import type { ObjectRef, Time } from "./object.ts";
import type { ExposureClass, Severity, SubjectRef } from "./report.ts";

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
  /** Shows what the rules file or an annotation ignores. */
  showIgnored: boolean;
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

/** What is asked of exposure besides of what. */
export interface ExposureQuestion {
  /** What an item stands for. */
  by: "credential" | "carrier" | "reader";
  /** Only credentials that are exposed in one of these ways; empty: all. */
  classes: ExposureClass[];
  /** Only windows that are open at some time in [since, until); null: from the first, without end. Hours are of that time alone. */
  since: Time | null;
  until: Time | null;
  /** One identity, as a User or ServiceAccount with its groups: only what it reads, from when it could. Empty: everybody's view. */
  asSeenBy: SubjectRef[];
}
