import { classify } from "../credentials/classify.ts";
import { MANAGER_ANNOTATIONS, PROTECT_ANNOTATION } from "../model/annotations.ts";
import type { Json } from "../model/api.ts";
import type { ObjectMeta, OwnerReference } from "../model/object.ts";
import type { ProjectionContext } from "./context.ts";
import { fieldManagers } from "./field-managers.ts";
import { booleanAt, integerAt, mapAt, objectAt, objectsAt, stringAt, stringsAt, timeAt } from "./json.ts";
import { MASKED } from "./mask.ts";

/** Annotations that Kubernetes itself writes or reads, and whose value a report needs; all others are dropped. */
const KEPT_ANNOTATIONS = [
  "cronjob.kubernetes.io/instantiate",
  "batch.kubernetes.io/cronjob-scheduled-timestamp",
  "kubernetes.io/enforce-mountable-secrets",
  "kubernetes.io/config.source",
  "kubernetes.io/config.mirror",
  // What a cleanup asks for: who wants it kept, and whose it is.
  PROTECT_ANNOTATION,
  ...Object.keys(MANAGER_ANNOTATIONS),
];

/** The annotations of a Secret that are kept: name and uid of the ServiceAccount that its token speaks for, and who wants it kept. */
export const SECRET_ANNOTATIONS = [
  "kubernetes.io/service-account.name",
  "kubernetes.io/service-account.uid",
  PROTECT_ANNOTATION,
];

const LONGEST_ANNOTATION = 256;

/** metadata of any object, reduced to the model; `kept` are the annotations whose values stay. */
export function objectMeta(raw: Json, context: ProjectionContext, kept: string[] = KEPT_ANNOTATIONS): ObjectMeta {
  const meta = objectAt(raw, "metadata");
  return {
    name: stringAt(meta, "name") ?? "",
    namespace: stringAt(meta, "namespace"),
    uid: stringAt(meta, "uid") ?? "",
    resourceVersion: stringAt(meta, "resourceVersion") ?? "",
    creationTimestamp: timeAt(meta, "creationTimestamp"),
    deletionTimestamp: timeAt(meta, "deletionTimestamp"),
    deletionGracePeriodSeconds: integerAt(meta, "deletionGracePeriodSeconds"),
    labels: Object.fromEntries(mapAt(meta, "labels").map(([key, value]) => [key, label(key, value, context)])),
    annotations: Object.fromEntries(
      mapAt(meta, "annotations")
        .filter(([key]) => kept.includes(key))
        .map(([key, value]) => [key, unlessCredential(key, value.slice(0, LONGEST_ANNOTATION), context)]),
    ),
    ownerReferences: objectsAt(meta, "ownerReferences").map(([owner]) => ownerReference(owner)),
    finalizers: stringsAt(meta, "finalizers"),
    managedFields: fieldManagers(meta, context),
  };
}

/** What the API server takes as a label's value (apimachinery pkg/util/validation). */
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Kept for selectors, unless it may be a credential. */
function label(key: string, value: string, context: ProjectionContext): string {
  return LABEL.test(value) ? unlessCredential(key, value, context) : MASKED;
}

function unlessCredential(key: string, value: string, { own }: ProjectionContext): string {
  return classify(key, value) === null && own.values?.takes(key, value) !== true ? value : MASKED;
}

function ownerReference(owner: Json): OwnerReference {
  return {
    apiVersion: stringAt(owner, "apiVersion") ?? "",
    kind: stringAt(owner, "kind") ?? "",
    name: stringAt(owner, "name") ?? "",
    uid: stringAt(owner, "uid") ?? "",
    controller: booleanAt(owner, "controller") ?? false,
  };
}
