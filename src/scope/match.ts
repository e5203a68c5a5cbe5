import type { ObjectRef } from "../model/object.ts";
import type { Requirement } from "../model/selection.ts";
import type { CronJob, Job, Pod, PodTemplate } from "../model/workload.ts";

export type Workload = CronJob | Job | Pod;

/** True when a name from the command line means this object; its `namespace` null stands for any. */
export function isCalled(
  name: Pick<ObjectRef, "kind" | "namespace" | "name">,
  { kind, meta }: Pick<Workload, "kind" | "meta">,
): boolean {
  return (
    name.kind === kind && name.name === meta.name && (name.namespace === null || name.namespace === meta.namespace)
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

/** The pod template that an object is, or holds. */
export function templateOf(object: Workload): PodTemplate {
  switch (object.kind) {
    case "CronJob":
      return object.job.template;
    case "Job":
      return object.spec.template;
    case "Pod":
      return object.template;
  }
}

/** The ServiceAccount that a workload's pods run as; `default` where the template names none, as admission fills in. */
export function serviceAccountOf(object: Workload): string {
  const { serviceAccountName } = templateOf(object);
  return serviceAccountName === "" ? "default" : serviceAccountName;
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
