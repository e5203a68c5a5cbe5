import type { SubjectRef } from "../model/report.ts";
import type { Selection } from "../model/selection.ts";
import { isCalled, matchesFields, matchesLabels, serviceAccountOf, type Workload } from "../scope/match.ts";
import type { Owners } from "./owners.ts";

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
    chain(object, owners).some((one) => selection.objects.some((name) => isCalled(name, one))) ||
    selection.subjects.some((subject) => runsAs(object, subject))
  );
}

function chain(object: Workload, owners: Pick<Owners, "jobOf" | "cronJobOf">): Workload[] {
  const job = object.kind === "Pod" ? owners.jobOf(object) : object.kind === "Job" ? object : null;
  const cronJob = job === null ? null : owners.cronJobOf(job);
  return [object, job, cronJob].filter((one) => one !== null);
}

function runsAs(object: Workload, subject: SubjectRef): boolean {
  if (subject.kind !== "ServiceAccount" || subject.name !== serviceAccountOf(object)) return false;
  return subject.namespace === null || subject.namespace === object.meta.namespace;
}
