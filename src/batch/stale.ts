import type { IgnoredCounts, StaleItem, StaleState } from "../model/report.ts";
import type { Time } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Job, Literal, Pod } from "../model/workload.ts";
import { deletionUnderWay, title } from "./deletion.ts";
import { jobFinishedAt, jobOutcome, podFinish, podFinished, podStartedAt } from "./finish.ts";
import { hungBecause, typicalRuns } from "./hung.ts";
import { refOf, type Owners } from "./owners.ts";
import { retention } from "./retention.ts";
import { instant } from "./time.ts";

/** Controllers of pods that are no batch work; what they leave behind (evicted pods) is not judged here. */
const OTHER_WORKLOADS = new Set(["ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Node"]);

/** Worst first. */
const STATES: readonly StaleState[] = ["stuck-deleting", "hung", "orphaned", "failed", "completed", "suspended"];

/** One stale Job or pod with the object that it was judged from. */
export interface Stale {
  item: StaleItem;
  object: Job | Pod;
}

/** Every finished, hung, orphaned, suspended or stuck Job and pod, worst state first, then by age, namespace and name. */
export function staleObjects(snapshot: Snapshot, owners: Owners, all: boolean): Stale[] {
  const stale = [...staleStates(snapshot, owners)].map(([object, state]) => ({
    object,
    item: itemOf(object, state, owners, all),
  }));
  return stale.sort((a, b) => inOrder(a.item, b.item));
}

/** Their states alone, in the order of the evidence, without what will remove them. */
export function staleStates(snapshot: Snapshot, owners: Owners): Map<Job | Pod, State> {
  const typical = typicalRuns(owners);
  const hung = new Map<Job, string>();
  const states = new Map<Job | Pod, State>();
  for (const job of snapshot.jobs) {
    const because = hungBecause(job, owners, typical);
    if (because !== null) hung.set(job, because);
    const state = stateOfJob(job, owners, because);
    if (state !== null) states.set(job, state);
  }
  for (const pod of snapshot.pods) {
    if (!isBatch(pod, owners)) continue;
    const state = stateOfPod(pod, owners, hung);
    if (state !== null) states.set(pod, state);
  }
  return states;
}

/** What an object is, and what makes it that. */
export interface State {
  state: StaleState;
  because: string;
}

function stateOfJob(job: Job, owners: Owners, hung: string | null): State | null {
  const outcome = jobOutcome(job);
  const stuckOrHung = stuck(job, owners) ?? (hung === null ? null : { state: "hung", because: hung });
  if (stuckOrHung !== null) return stuckOrHung;
  const orphan = orphaned(job, owners);
  if (orphan !== null) return orphan;
  if (outcome === "complete") return { state: "completed", because: "condition Complete" };
  if (outcome === "failed") return { state: "failed", because: withReason("condition Failed", failureOf(job)) };
  return job.spec.suspend ? { state: "suspended", because: "spec.suspend is true" } : null;
}

function stateOfPod(pod: Pod, owners: Owners, hung: ReadonlyMap<Job, string>): State | null {
  const stuckDeleting = stuck(pod, owners);
  if (stuckDeleting !== null) return stuckDeleting;
  const job = owners.jobOf(pod);
  const because = job === null ? undefined : hung.get(job);
  if (because !== undefined && !podFinished(pod)) return { state: "hung", because: `its ${title(job!)}: ${because}` };
  const orphan = orphaned(pod, owners);
  if (orphan !== null) return orphan;
  if (pod.phase === "Succeeded") return { state: "completed", because: "phase Succeeded" };
  if (pod.phase === "Failed") return { state: "failed", because: withReason("phase Failed", pod.reason) };
  return null;
}

/** A pod of a Job, one that Kubernetes will not restart for ever, or one that has finished. */
function isBatch(pod: Pod, owners: Owners): boolean {
  const controller = pod.meta.ownerReferences.find((reference) => reference.controller);
  if (controller !== undefined && OTHER_WORKLOADS.has(controller.kind)) return false;
  return podFinished(pod) || pod.template.restartPolicy !== "Always" || owners.jobOf(pod) !== null;
}

function stuck(object: Job | Pod, owners: Owners): State | null {
  const deletion = deletionUnderWay(object, owners);
  if (deletion === null || deletion.overdueSeconds === null) return null;
  return { state: "stuck-deleting", because: deletion.why };
}

function orphaned(object: Job | Pod, owners: Owners): State | null {
  const ownership = owners.ownership(object);
  if (ownership.state !== "gone" && ownership.state !== "released") return null;
  return { state: "orphaned", because: ownership.because };
}

function failureOf(job: Job): string | null {
  return job.conditions.find(({ type, status }) => type === "Failed" && status === "True")?.reason ?? null;
}

function withReason(text: string, reason: string | null): string {
  return reason === null ? text : `${text}: ${reason}`;
}

function itemOf(object: Job | Pod, { state, because }: State, owners: Owners, all: boolean): StaleItem {
  const startedAt = object.kind === "Job" ? object.startTime : podStartedAt(object);
  const finishedAt = object.kind === "Job" ? jobFinishedAt(object) : finishOfPod(object);
  const since = instant(finishedAt ?? startedAt ?? object.meta.creationTimestamp);
  return {
    object: refOf(object),
    state,
    because,
    owner: owners.ownership(object).owner,
    startedAt,
    finishedAt,
    ageSeconds: since === null ? null : Math.max(0, Math.floor((owners.takenAt - since) / 1000)),
    retention: retention(object, owners),
    ...credentialsIn(object, all),
  };
}

/** The creation, which the job controller falls back on, is no finish time. */
function finishOfPod(pod: Pod): Time | null {
  const finish = podFinish(pod);
  return finish === null || finish.source === "creation" ? null : finish.at;
}

/** Of one credential in several places of the object the place counts where it is not ignored, then the least confirmed. */
export function credentialsIn(object: Job | Pod, all: boolean): Pick<StaleItem, "credentials" | "ignored"> {
  const ignored: IgnoredCounts = { file: 0, annotation: 0, unconfirmed: 0 };
  let credentials = 0;
  for (const places of Map.groupBy(literalsIn(object, all), keyOf).values()) {
    const by = places.flatMap((one) => one.ignored ?? []);
    if (by.length < places.length) credentials++;
    else if (by.every((one) => one.by === "file")) ignored.file++;
    else ignored.annotation++;
    if (by.length === places.length && by.some(({ confirmed }) => !confirmed)) ignored.unconfirmed++;
  }
  return { credentials, ignored };
}

function keyOf({ fingerprint, field }: Literal): string {
  return fingerprint || field;
}

function literalsIn(object: Job | Pod, all: boolean): Literal[] {
  const literals: Literal[] =
    object.kind === "Job"
      ? [...object.spec.template.literals, ...object.annotationLiterals]
      : [...object.template.literals, ...object.annotationLiterals, ...object.messageLiterals];
  return literals.filter(({ confidence }) => all || confidence !== "possible");
}

function inOrder(a: StaleItem, b: StaleItem): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    (b.ageSeconds ?? -1) - (a.ageSeconds ?? -1) ||
    compare(a.object.namespace ?? "", b.object.namespace ?? "") ||
    compare(a.object.kind, b.object.kind) ||
    compare(a.object.name, b.object.name) ||
    compare(a.object.uid ?? "", b.object.uid ?? "")
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
