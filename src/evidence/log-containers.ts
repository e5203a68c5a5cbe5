import type { Snapshot } from "../model/snapshot.ts";
import type { Job, Pod } from "../model/workload.ts";

/** One log that can be asked for. */
export interface LogSource {
  pod: Pod;
  container: string;
  /** True for the run before the last restart. */
  previous: boolean;
}

/**
 * The logs of batch pods, in the order in which they are worth reading: of each workload its newest pod first, then of
 * each the next, so that every workload has its turn. A Job's template may not say restartPolicy Always
 * (pkg/apis/batch/validation), and the pods of other controllers must, so it tells batch work.
 */
export function logSources({ jobs, pods }: Pick<Snapshot, "jobs" | "pods">): LogSource[] {
  const byUid = new Map(jobs.map((job) => [job.meta.uid, job]));
  const batch = pods.filter(({ template, containers }) => template.restartPolicy !== "Always" && containers.length > 0);
  const workloads = [...Map.groupBy(batch, (pod) => workloadOf(pod, byUid))].sort(([a], [b]) => compare(a, b));
  const queues = workloads.map(([, own]) => own.sort(newestFirst).map(logsOf));
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, turn) => queues.flatMap((queue) => queue[turn] ?? [])).flat();
}

/** The uid of the topmost controller, seen or not. */
function workloadOf(pod: Pod, jobs: ReadonlyMap<string, Job>): string {
  const owner = controllerOf(pod);
  if (owner === undefined) return pod.meta.uid;
  const job = jobs.get(owner);
  return (job === undefined ? undefined : controllerOf(job)) ?? owner;
}

function controllerOf({ meta }: Pod | Job): string | undefined {
  return meta.ownerReferences.find(({ controller }) => controller)?.uid;
}

function newestFirst(a: Pod, b: Pod): number {
  return compare(b.meta.creationTimestamp ?? "", a.meta.creationTimestamp ?? "") || compare(a.meta.uid, b.meta.uid);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A container that has never run has no log; one that was restarted has that of the run before as well. */
function logsOf(pod: Pod): LogSource[] {
  return pod.containers.flatMap(({ name, state, restartCount }) => [
    ...(state === "terminated" || state === "running" ? [{ pod, container: name, previous: false }] : []),
    ...(restartCount > 0 ? [{ pod, container: name, previous: true }] : []),
  ]);
}
