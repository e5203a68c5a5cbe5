import type { Owners } from "../batch/owners.ts";
import { instant, toTime } from "../batch/time.ts";
import type { ObjectMeta } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Literal, PodTemplate } from "../model/workload.ts";
import type { Opening, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";

/**
 * When a literal in an object's template opened. The templates of Jobs and pods are immutable, so theirs opened at the
 * object's creation. A CronJob's may have changed since: it is proved by the earliest of the managedFields time of a
 * manager that owns the place and the earliest retained run with the same value there, and impossible before creation.
 */
export function templateOpening(source: Source, literal: Literal, context: ExposureContext): Opening {
  // The one part of a pod's spec that grows later, through a subresource of its own.
  if (source.kind === "Pod" && literal.field.startsWith("spec.ephemeralContainers[")) {
    const added = managedSince(source.meta, literal.field, "ephemeralcontainers");
    return proved(source.meta, context, [[added, "the ephemeral container was added then at the latest"]]);
  }
  if (source.kind !== "CronJob") {
    return atCreation(source.meta, context, `the template of a ${source.kind} cannot change`);
  }
  return proved(source.meta, context, [
    [managedSince(source.meta, literal.field), "a field manager owns it since then at the latest"],
    [context.earliestRun(source, literal), "the earliest retained run that carries the same value"],
  ]);
}

/** When an annotation opened: it may be written at any time, except in the template of a Job. */
export function annotationOpening(source: Source, literal: Literal, context: ExposureContext): Opening {
  if (source.kind === "Job" && literal.field.startsWith("template.")) return templateOpening(source, literal, context);
  return proved(source.meta, context, [
    [managedSince(source.meta, literal.field), "a field manager owns the annotation since then at the latest"],
  ]);
}

/** A window that opened when the object was created. */
export function atCreation(meta: ObjectMeta, context: ExposureContext, why: string): Opening {
  const { creationTimestamp: creation } = meta;
  if (instant(creation) === null || creation === null) return undated(context);
  return { opens: creation, notBefore: creation, isBound: false, because: `created then; ${why}` };
}

/** A window that was open at each of these moments, in milliseconds, and not before the object's creation. */
export function proved(meta: ObjectMeta, context: ExposureContext, proofs: [number | null, string][]): Opening {
  const creation = instant(meta.creationTimestamp);
  if (creation === null || meta.creationTimestamp === null) return undated(context);
  let best: [number, string] = [context.now, "seen then; nothing in the evidence dates it earlier"];
  for (const [at, because] of proofs) if (at !== null && at < best[0]) best = [at, because];
  const [at, because] = best;
  if (at <= creation) {
    return {
      opens: meta.creationTimestamp,
      notBefore: meta.creationTimestamp,
      isBound: false,
      because: "created with it",
    };
  }
  return { opens: toTime(at), notBefore: meta.creationTimestamp, isBound: true, because };
}

/** Manifests that were never applied have no times: nothing is claimed before the evidence was taken. */
function undated(context: ExposureContext): Opening {
  const at = context.takenAt;
  return { opens: at, notBefore: at, isBound: true, because: "the evidence has no creation time for the object" };
}

/**
 * The earliest time among the managers that own the place, in milliseconds. Each one's time moves with any change it
 * makes, so all are upper bounds and the earliest is the best of them.
 */
export function managedSince(meta: ObjectMeta, field: string, subresource: string | null = null): number | null {
  let earliest: number | null = null;
  for (const entry of meta.managedFields) {
    const at = entry.subresource === subresource ? instant(entry.time) : null;
    if (at === null || (earliest !== null && at >= earliest)) continue;
    if (entry.fields.some((owned) => covers(owned, field) || covers(field, owned))) earliest = at;
  }
  return earliest;
}

function covers(outer: string, inner: string): boolean {
  if (!inner.startsWith(outer)) return false;
  return inner.length === outer.length || inner[outer.length] === "." || inner[outer.length] === "[";
}

/** Finds, for a CronJob's literal, the earliest retained run with the same value in the same place. */
export function indexRuns(snapshot: Snapshot, owners: Owners): (cronJob: CronJob, literal: Literal) => number | null {
  const earliest = new Map<string, Map<string, number>>();
  const add = (source: Source, template: PodTemplate): void => {
    if (template.literals.length === 0) return;
    const root = owners.rootOf(source);
    const created = instant(source.meta.creationTimestamp);
    if (root.kind !== "CronJob" || created === null) return;
    let known = earliest.get(root.meta.uid);
    if (known === undefined) earliest.set(root.meta.uid, (known = new Map<string, number>()));
    for (const literal of template.literals) {
      const key = runKey(literal);
      known.set(key, Math.min(created, known.get(key) ?? Infinity));
    }
  };
  for (const job of snapshot.jobs) add(job, job.spec.template);
  for (const pod of snapshot.pods) add(pod, pod.template);
  return (cronJob, literal) => earliest.get(cronJob.meta.uid)?.get(runKey(literal)) ?? null;
}

function runKey(literal: Literal): string {
  return `${literal.fingerprint} ${literal.field}`;
}
