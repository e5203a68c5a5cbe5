import type { ObjectRef } from "../model/object.ts";
import type { SubjectRef } from "../model/report.ts";
import type { Requirement, Selection } from "../model/selection.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import type { Owners } from "./owners.ts";

type Workload = CronJob | Job | Pod;

/** True where the selection leaves the object in: it or one of its owners is named (or nothing is), and both selectors match it. */
export function selects(selection: Selection, object: Workload, owners: Owners): boolean {
  return (
    isNamed(selection, object, owners) &&
    matchesLabels(selection.labels, object.meta.labels) &&
    matchesFields(selection.fields, object)
  );
}

/** True when the object, a Job or CronJob above it, or the ServiceAccount it runs as is named, or when nothing is named. */
export function isNamed(
  selection: Pick<Selection, "objects" | "subjects">,
  object: Workload,
  owners: Pick<Owners, "jobOf" | "cronJobOf">,
): boolean {
  if (selection.objects.length === 0 && selection.subjects.length === 0) return true;
  return (
    chain(object, owners).some((one) => selection.objects.some((name) => names(name, one))) ||
    selection.subjects.some((subject) => runsAs(object, subject))
  );
}

/** Label selector rules of k8s.io/apimachinery/pkg/labels: `!=` and `notin` also match where the key is absent. */
export function matchesLabels(requirements: readonly Requirement[], labels: Readonly<Record<string, string>>): boolean {
  return requirements.every((requirement) => {
    const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
    return matches(requirement, value);
  });
}

/**
 * metadata.name, metadata.namespace and spec.serviceAccountName are known of every kind, status.phase and spec.nodeName
 * of pods alone: asking for one of these leaves pods only, as the API server would.
 */
export function matchesFields(requirements: readonly Requirement[], object: Workload): boolean {
  return requirements.every((requirement) => {
    const value = field(object, requirement.key);
    return value !== null && matches(requirement, value);
  });
}

function matches({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!exists":
      return value === undefined;
    case "=":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
  }
}

function field(object: Workload, key: string): string | null {
  switch (key) {
    case "metadata.name":
      return object.meta.name;
    case "metadata.namespace":
      return object.meta.namespace ?? "";
    case "spec.serviceAccountName":
      return serviceAccountOf(object);
    case "spec.nodeName":
      return object.kind === "Pod" ? (object.template.nodeName ?? "") : null;
    case "status.phase":
      return object.kind === "Pod" ? object.phase : null;
    default:
      return null;
  }
}

function chain(object: Workload, owners: Pick<Owners, "jobOf" | "cronJobOf">): Workload[] {
  const job = object.kind === "Pod" ? owners.jobOf(object) : object.kind === "Job" ? object : null;
  const cronJob = job === null ? null : owners.cronJobOf(job);
  return [object, job, cronJob].filter((one) => one !== null);
}

function names(name: Pick<ObjectRef, "kind" | "namespace" | "name">, { kind, meta }: Workload): boolean {
  return (
    name.kind === kind && name.name === meta.name && (name.namespace === null || name.namespace === meta.namespace)
  );
}

function runsAs(object: Workload, subject: SubjectRef): boolean {
  if (subject.kind !== "ServiceAccount" || subject.name !== serviceAccountOf(object)) return false;
  return subject.namespace === null || subject.namespace === object.meta.namespace;
}

function serviceAccountOf(object: Workload): string {
  switch (object.kind) {
    case "CronJob":
      return object.job.template.serviceAccountName;
    case "Job":
      return object.spec.template.serviceAccountName;
    case "Pod":
      return object.template.serviceAccountName;
  }
}
