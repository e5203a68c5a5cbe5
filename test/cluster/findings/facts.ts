import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { find, list, must, pathOf } from "../../control-plane/act.ts";
import { NAMESPACE, TEAM_NAMESPACE } from "../../control-plane/cast/index.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";

/** A Job and its one pod, as the API server has them. */
export interface Run {
  job: Stored;
  pod: Stored;
}

/** The cast as the API server serves it, asked without the program: what reports are compared with. */
export interface Facts {
  jobs: Stored[];
  pods: Stored[];
  cronJob(name: string): Stored;
  /** The Jobs that a CronJob controls, oldest first. */
  runs(cronJob: string): Run[];
  run(job: string): Run;
  /** Pods that carry the Job's label, whether or not the Job exists; oldest first, then by uid. */
  podsOf(job: string): Stored[];
  /** Creation of an object that is not a workload. */
  created(kind: string, name: string): string;
  /** The latest moment at which a grant through these objects can have begun: creations, and changes of subjects or rules. */
  granted(...objects: [kind: string, name: string][]): string;
  /** The Job that `orphans` deleted, as it was last. */
  deletedJob: Stored;
  /** The states of the backup's CronJob that had other credentials, each as it was last. */
  earlierBackup: {
    /** With STRIPE_KEY and the password before the last. */
    first: Stored;
    /** With that password alone. */
    second: Stored;
  };
}

/** What a watch says about one object, in its order. */
interface Event {
  type: string;
  object: Stored;
}

const KINDS = ["CronJob", "Job", "Pod", "Secret", "ServiceAccount", "Role", "RoleBinding"];
const CLUSTER_WIDE: [kind: string, name: string][] = [
  ["ClusterRole", "view"],
  ["ClusterRole", "system:aggregate-to-view"],
  ["ClusterRole", "secret-reader"],
  ["ClusterRoleBinding", "backup-reader"],
];

/** Where the history of a cluster is now; what happens after it can be watched from here. */
export async function presentVersion(plane: ControlPlane): Promise<string> {
  return (await must(plane, "GET", pathOf("Job", NAMESPACE)))["metadata"].resourceVersion;
}

/** Everything that has happened to objects of this kind since then. */
async function history(plane: ControlPlane, resource: string, since: string): Promise<Event[]> {
  const path = `/apis/batch/v1/namespaces/${NAMESPACE}/${resource}?watch=1&resourceVersion=${since}&timeoutSeconds=2`;
  const { stdout } = await promisify(execFile)(
    plane.kubectl,
    ["--kubeconfig", plane.adminKubeconfig, "get", "--raw", path],
    { maxBuffer: 2 ** 28 },
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);
}

/** The CronJob's states by what its template held, without comparing anything but equality of values. */
function earlierBackup(events: Event[]): Facts["earlierBackup"] {
  const env = ({ spec }: Stored, name: string): string | undefined =>
    spec.jobTemplate.spec.template.spec.containers[0].env.find((one: Stored) => one["name"] === name)?.value;
  const states = events.map(({ object }) => object).filter(({ metadata }) => metadata.name === "backup");
  const first = states.findLast((one) => env(one, "STRIPE_KEY") !== undefined);
  const old = first === undefined ? undefined : env(first, "DB_PASSWORD");
  const second = states.findLast((one) => env(one, "STRIPE_KEY") === undefined && env(one, "DB_PASSWORD") === old);
  if (first === undefined || second === undefined) throw new Error("the backup's template was not seen to change");
  return { first, second };
}

/**
 * Asks for everything that the tests of findings compare with; `kind` is filled in, which lists leave out. `since`:
 * the presentVersion from before the cast was loaded.
 */
export async function gatherFacts(plane: ControlPlane, since: string): Promise<Facts> {
  const all: Stored[] = [];
  for (const namespace of [NAMESPACE, TEAM_NAMESPACE]) {
    for (const kind of KINDS) {
      for (const object of await list(plane, kind, namespace)) all.push({ ...object, kind });
    }
  }
  for (const [kind, name] of CLUSTER_WIDE) all.push({ ...(await find(plane, kind, null, name)), kind });

  const deleted = (await history(plane, "jobs", since)).filter(({ type }) => type === "DELETED");
  if (deleted.length !== 1) throw new Error(`the cast deletes one Job, and ${String(deleted.length)} are deleted`);
  const earlier = earlierBackup(await history(plane, "cronjobs", since));

  const ofKind = (kind: string) => all.filter((object) => object["kind"] === kind);
  const named = (kind: string, name: string): Stored => {
    const found = ofKind(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`the cast has no ${kind} ${name}`);
    return found;
  };
  const podsOf = (job: string) =>
    ofKind("Pod")
      .filter(({ metadata }) => metadata.labels?.["batch.kubernetes.io/job-name"] === job)
      .sort((a, b) => order(a).localeCompare(order(b)));
  const run = (job: string): Run => {
    const [pod, ...others] = podsOf(job);
    if (pod === undefined || others.length > 0) throw new Error(`job ${job} has not exactly one pod`);
    return { job: named("Job", job), pod };
  };
  return {
    jobs: ofKind("Job"),
    pods: ofKind("Pod"),
    cronJob: (name) => named("CronJob", name),
    run,
    podsOf,
    runs: (cronJob) =>
      ofKind("Job")
        .filter(({ metadata }) =>
          metadata.ownerReferences?.some((owner: Stored) => owner["controller"] && owner["name"] === cronJob),
        )
        .sort((a, b) => a["status"].startTime.localeCompare(b["status"].startTime))
        .map(({ metadata }) => run(metadata.name)),
    created: (kind, name) => created(named(kind, name)),
    granted: (...objects) => objects.map(([kind, name]) => lastGranted(named(kind, name))).reduce(later),
    deletedJob: deleted[0]!.object,
    earlierBackup: earlier,
  };
}

function order({ metadata }: Stored): string {
  return `${metadata.creationTimestamp} ${metadata.uid}`;
}

function lastGranted(object: Stored): string {
  const touching = (object["metadata"].managedFields ?? []).filter(
    ({ fieldsV1 }: Stored) => fieldsV1?.["f:rules"] !== undefined || fieldsV1?.["f:subjects"] !== undefined,
  );
  return touching.map(({ time }: Stored) => time as string).reduce(later, created(object));
}

export function created(object: Stored): string {
  return object["metadata"].creationTimestamp;
}

/** status.startTime of a Job or pod. */
export function started(object: Stored): string {
  return object["status"].startTime;
}

/** When a pod's last container ended. */
export function podEnded(pod: Stored): string {
  const ends = pod["status"].containerStatuses.map(({ state }: Stored) => state.terminated.finishedAt as string);
  return ends.reduce(later);
}

/** The transition of the condition that ended the Job. */
export function jobEnded(job: Stored): string {
  const ended = job["status"].conditions.find(
    ({ type, status }: Stored) => /^(Complete|Failed)$/.test(type) && status === "True",
  );
  return ended.lastTransitionTime;
}

/** When a pod was bound to its node, by its PodScheduled condition. */
export function bound(pod: Stored): string {
  return pod["status"].conditions.find(({ type }: Stored) => type === "PodScheduled").lastTransitionTime;
}

/** The later of two times of the API server, which order as text. */
export function later(a: string, b: string): string {
  return a < b ? b : a;
}

/** The time so many seconds after; RFC 3339 without fractions. */
export function plus(time: string, seconds: number): string {
  return `${new Date(Date.parse(time) + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}

/** Seconds that a Job ran for, by its own status. */
function seconds(job: Stored): number {
  return (Date.parse(jobEnded(job)) - Date.parse(started(job))) / 1000;
}

/**
 * When the so many-th next run of a CronJob can have ended, as its controller goes on: `hours` after one another, counted
 * from its last slot, and each as long as the run in the middle (of two the shorter, which ends first).
 */
export function runEnds(cronJob: Stored, runs: Run[], hours: number, nth: number): string {
  const lengths = runs.map(({ job }) => seconds(job)).sort((a, b) => a - b);
  const length = lengths[Math.floor((lengths.length - 1) / 2)]!;
  return plus(cronJob["status"].lastScheduleTime, nth * hours * 3600 + length);
}

/** The command that takes a finished Job away with its pods. */
export function deletionOf({ kind, metadata }: Stored): string {
  const cascade = kind === "Job" ? " --cascade=foreground" : "";
  return `kubectl delete ${String(kind).toLowerCase()} ${String(metadata.name)} -n ${String(metadata.namespace)}${cascade}`;
}

/** How the contract names an object in a report. */
export function refOf({ kind, metadata }: Stored): { kind: string; namespace: string; name: string; uid: string } {
  return { kind, namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}
