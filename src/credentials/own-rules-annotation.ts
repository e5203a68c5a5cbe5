import type { ConfigMap } from "../model/snapshot.ts";
import type { Time } from "../model/object.ts";
import type { CronJob, Job, Literal, Pod } from "../model/workload.ts";

/**
 * The annotation by which an object says that what stands in it is no finding: names, fields or paths as reports print them,
 * separated by commas or spaces, or `*` for all. The prefix is that of the API version; nobody but this program writes or reads it.
 */
export const IGNORE_ANNOTATION = "cronaudit/ignore";

/** Longer ones are not honoured: nobody reviews them. */
export const LONGEST_IGNORE = 4096;

/** The annotation on an object or on a template in it, as Literal.field names it. */
export type IgnoreField = `${"" | "jobTemplate." | "template."}metadata.annotations[${typeof IGNORE_ANNOTATION}]`;

/** One ignore annotation, read. */
export interface IgnoreAnnotation {
  field: IgnoreField;
  /** The beginning of the paths that it covers: empty for the object itself, `spec.template.` for a template. */
  covers: string;
  /** What it names; null: everything. */
  names: ReadonlySet<string> | null;
}

/** The annotation's text as what it names. Nothing in it is a pattern. */
export function readIgnore(text: string): IgnoreAnnotation["names"] {
  const names = new Set(text.split(/[\s,]+/).filter((name) => name !== ""));
  return names.has("*") ? null : names;
}

/** True where the annotation means this literal; of several with one name all are meant. */
export function isIgnoredBy(
  { covers, names }: IgnoreAnnotation,
  { name, path, field }: Pick<Literal, "name" | "path" | "field">,
): boolean {
  if (!path.startsWith(covers)) return false;
  return names === null || names.has(plainName(name)) || names.has(path) || names.has(field);
}

/** The name without the number that tells several of one name at one place apart. */
export function plainName(name: string): string {
  return name.replace(/ \(\d{1,6}\)$/, "");
}

/** An object whose annotations are honoured. */
export type Annotated = CronJob | Job | Pod | ConfigMap;

/** Who set an annotation, as far as managedFields tell; a client chooses the manager's name itself. */
export interface AnnotationSetter {
  /** The object where it was set: the one that it is inherited from. */
  object: Annotated;
  field: string;
  /** Empty where nobody is recorded. */
  managers: string[];
  /** The latest time at which it can have been set; null where nothing dates it. */
  since: Time | null;
}

const CONTROLLER = "kube-controller-manager";

/** Where a controller copies it from: metadata of a pod or Job is what the template says that it is made from. */
const INHERITED: Partial<Record<Annotated["kind"], { from: Annotated["kind"]; fields: Record<string, IgnoreField> }>> =
  {
    Pod: { from: "Job", fields: { [fieldAt("")]: fieldAt("template.") } },
    Job: {
      from: "CronJob",
      fields: { [fieldAt("")]: fieldAt("jobTemplate."), [fieldAt("template.")]: fieldAt("template.") },
    },
  };

/** The field of the annotation on the object itself, on a CronJob's template of Jobs, or on a template of pods. */
export function fieldAt(template: "" | "jobTemplate." | "template."): IgnoreField {
  return `${template}metadata.annotations[${IGNORE_ANNOTATION}]`;
}

/**
 * Follows an annotation that a controller copied to the object in which somebody wrote it, as far as the owners are known. A pod has
 * it from a Job and a Job from a CronJob: whatever else an owner reference says, an object that owns itself included, no controller
 * copied anything from there.
 */
export function setterOf(
  object: Annotated,
  field: string,
  ownerOf: (object: Annotated) => Annotated | null,
): AnnotationSetter {
  const owning = object.meta.managedFields.filter(({ fields }) => fields.includes(field));
  const managers = [...new Set(owning.map(({ manager }) => manager))].sort();
  const times = owning.flatMap(({ time }) => time ?? []).sort();
  const own = { object, field, managers, since: times[0] ?? null };
  const step = INHERITED[object.kind];
  const above = step?.fields[field];
  if (above === undefined || managers.some((manager) => manager !== CONTROLLER)) return own;
  const owner = ownerOf(object);
  if (owner === null || owner.kind !== step?.from) return own;
  const inherited = setterOf(owner, above, ownerOf);
  return inherited.managers.length === 0 ? own : inherited;
}

/** Finds the controller of an object among these. */
export function ownersIn(objects: Iterable<Annotated>): (object: Annotated) => Annotated | null {
  const byUid = new Map<string, Annotated>();
  for (const object of objects) if (!byUid.has(object.meta.uid)) byUid.set(object.meta.uid, object);
  return ({ meta }) => byUid.get(meta.ownerReferences.find(({ controller }) => controller)?.uid ?? "") ?? null;
}
