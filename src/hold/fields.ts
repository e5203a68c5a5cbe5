import type { Json } from "../model/api.ts";
import type { HeldField, HoldChange } from "../model/hold.ts";
import type { ObjectRef } from "../model/object.ts";
import type { CronJob, Job } from "../model/workload.ts";

/** The greatest history limit that the API takes (int32): no run by hand, and no Job that was not seen, pushes one out. */
export const NO_LIMIT = 2_147_483_647;

/** Values of fields of spec, as far as they matter. */
export type Fields = Partial<Record<HeldField, HoldChange["to"]>>;

/** What the API server fills in where a CronJob's field is absent (pkg/apis/batch/v1/defaults.go). */
const DEFAULTS: Fields = { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };

const OF_CRONJOBS = ["suspend", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] as const;

/** What the fields of a CronJob or Job hold. */
export function fieldsOf(object: CronJob | Job): Fields {
  if (object.kind === "Job") return { ttlSecondsAfterFinished: object.spec.ttlSecondsAfterFinished };
  const { suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit } = object;
  return { suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit };
}

/** The same of an object as the API server gave it. */
export function fieldsOfRaw(kind: string, raw: Json): Fields {
  const spec = (raw["spec"] ?? {}) as Fields;
  if (kind === "Job") return { ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? null };
  return Object.fromEntries(OF_CRONJOBS.map((field) => [field, spec[field] ?? DEFAULTS[field]!]));
}

/** What has to change for the fields to hold what is wanted; empty where they do. */
export function changesTo(wanted: Fields, fields: Fields): HoldChange[] {
  return (Object.keys(wanted) as HeldField[]).flatMap((field) => {
    const [from, to] = [fields[field] ?? null, wanted[field] ?? null];
    return from === to ? [] : [{ field, from, to }];
  });
}

/** The object with these changes made. */
export function changed<T extends CronJob | Job>(object: T, changes: readonly HoldChange[]): T {
  const values = Object.fromEntries(changes.map(({ field, to }) => [field, to]));
  return object.kind === "Job" ? { ...object, spec: { ...object.spec, ...values } } : { ...object, ...values };
}

/** The merge patch that makes the changes, on this version of the object alone. */
export function patchOf(changes: readonly HoldChange[], resourceVersion: string): Json {
  return { metadata: { resourceVersion }, spec: Object.fromEntries(changes.map(({ field, to }) => [field, to])) };
}

/** The path of a CronJob or Job at the API server. */
export function pathOf({ kind, namespace, name }: ObjectRef): string {
  const resource = kind === "CronJob" ? "cronjobs" : "jobs";
  return `/apis/batch/v1/namespaces/${encodeURIComponent(namespace ?? "")}/${resource}/${encodeURIComponent(name)}`;
}
