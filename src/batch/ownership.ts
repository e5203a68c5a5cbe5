import type { ObjectRef, OwnerReference } from "../model/object.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { instant } from "./time.ts";

/**
 * What is known of an object's owner.
 * - `none`: it has no owner reference, and nothing says it ever had one.
 * - `present`: `object` is the owner; `controller` false means that it owns without controlling.
 * - `gone`: every owner reference names something that the evidence proves absent; the garbage collector removes such objects.
 * - `released`: it has no owner reference, but Kubernetes' own labels or annotations show that it had (orphan deletion).
 * - `unseen`: the owner is not in the evidence, and that proves nothing: its kind was not listed here, or somebody chose the objects.
 * - `foreign`: the owner is of a kind that is not looked at.
 */
export type Ownership =
  | { state: "none"; owner: null }
  | { state: "present"; owner: ObjectRef; object: CronJob | Job; controller: boolean }
  | { state: "gone"; owner: ObjectRef; because: string }
  | { state: "released"; owner: ObjectRef | null; because: string }
  | { state: "unseen"; owner: ObjectRef; because: string }
  | { state: "foreign"; owner: ObjectRef };

/** Label keys that the Job strategy puts on every pod template (pkg/registry/batch/job/strategy.go), newer first. */
const JOB_UID_LABELS = ["batch.kubernetes.io/controller-uid", "controller-uid"];
const JOB_NAME_LABELS = ["batch.kubernetes.io/job-name", "job-name"];

/** Annotations of Jobs that came from a CronJob: by the controller, and by `kubectl create job --from`. */
const FROM_CRONJOB = ["batch.kubernetes.io/cronjob-scheduled-timestamp", "cronjob.kubernetes.io/instantiate"];

/** Judges owner references as the garbage collector does (pkg/controller/garbagecollector): uid and namespace decide. */
export function indexOwnership(
  snapshot: Snapshot,
  jobs: ReadonlyMap<string, Job>,
  cronJobs: ReadonlyMap<string, CronJob>,
  takenAt: number,
): (object: CronJob | Job | Pod) => Ownership {
  const whole = whatIsWhole(snapshot);
  const kinds = new Map<string, Owned>([
    ["CronJob", { resource: "cronjobs", byUid: cronJobs, names: namesOf(snapshot.cronjobs) }],
    ["Job", { resource: "jobs", byUid: jobs, names: namesOf(snapshot.jobs) }],
  ]);

  function judge(object: CronJob | Job | Pod, reference: OwnerReference): Ownership {
    const namespace = object.meta.namespace;
    const { apiVersion, kind, name, uid } = reference;
    const owned = apiVersion.startsWith("batch/") ? kinds.get(kind) : undefined;
    if (owned === undefined) return { state: "foreign", owner: { apiVersion, kind, namespace, name, uid } };

    const owner = { kind, namespace, name, uid };
    const found = owned.byUid.get(uid);
    if (found !== undefined && found.meta.namespace === namespace) {
      return { state: "present", owner, object: found, controller: reference.controller };
    }
    const hidden = whole(owned.resource, namespace);
    if (hidden !== null) return { state: "unseen", owner, because: hidden };
    // Lists are taken one after the other: the owner of a newer object may be newer than the owners' list.
    if ((instant(object.meta.creationTimestamp) ?? -Infinity) >= takenAt) {
      return { state: "unseen", owner, because: "it was created while the evidence was taken" };
    }
    const title = `${kind.toLowerCase()}/${name}`;
    const recreated = owned.names.has(nameKey(namespace, name));
    return {
      state: "gone",
      owner,
      because: recreated ? `its ${title} was replaced by another of that name` : `its ${title} is gone`,
    };
  }

  function withoutReference(object: CronJob | Job | Pod): Ownership {
    const { namespace, labels, annotations } = object.meta;
    if (object.kind === "Job" && first(annotations, FROM_CRONJOB) !== null) {
      return { state: "released", owner: null, because: "made from a CronJob that no longer owns it" };
    }
    const uid = object.kind === "Pod" ? first(labels, JOB_UID_LABELS) : null;
    const name = first(labels, JOB_NAME_LABELS);
    if (uid === null || name === null) return { state: "none", owner: null };
    const gone = !jobs.has(uid) && whole("jobs", namespace) === null;
    const because = gone ? `its job/${name} was deleted without its pods` : `job/${name} no longer owns it`;
    return { state: "released", owner: { kind: "Job", namespace, name, uid }, because };
  }

  return (object) => {
    const references = object.meta.ownerReferences;
    if (references.length === 0) return withoutReference(object);
    const controllerFirst = references.toSorted((a, b) => Number(b.controller) - Number(a.controller));
    const judged = controllerFirst.map((reference) => judge(object, reference));
    // One owner that stays, or may, keeps the object; the garbage collector takes the references to the others off it.
    return judged.find(stays) ?? judged.find((one) => one.state !== "gone") ?? judged[0]!;
  };
}

function stays(ownership: Ownership): boolean {
  if (ownership.state !== "present") return ownership.state !== "gone";
  return ownership.object.meta.deletionTimestamp === null;
}

interface Owned {
  resource: Resource;
  byUid: ReadonlyMap<string, CronJob | Job>;
  names: ReadonlySet<string>;
}

function namesOf(objects: readonly (CronJob | Job)[]): ReadonlySet<string> {
  return new Set(objects.map(({ meta }) => nameKey(meta.namespace, meta.name)));
}

function nameKey(namespace: string | null, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

function first(values: Readonly<Record<string, string>>, keys: readonly string[]): string | null {
  for (const key of keys) if (values[key] !== undefined) return values[key];
  return null;
}
