import type { ObjectMeta, OwnerReference, Time } from "../../../src/model/object.ts";
import type { BlindSpot, Node, Resource, Snapshot } from "../../../src/model/snapshot.ts";
import type {
  Condition,
  ContainerStatus,
  CronJob,
  Job,
  JobTemplate,
  Pod,
  PodTemplate,
} from "../../../src/model/workload.ts";

/** The moment of every snapshot here. */
export const NOW = "2026-11-22T12:00:00Z";

/** NOW minus so many seconds; negative is later. */
export function ago(seconds: number): Time {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString().replace(".000Z", "Z");
}

export const HOUR = 3600;
export const DAY = 24 * HOUR;

export function meta(name: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    name,
    namespace: "database",
    uid: `uid-${name}`,
    resourceVersion: "1",
    creationTimestamp: ago(DAY),
    deletionTimestamp: null,
    deletionGracePeriodSeconds: null,
    labels: {},
    annotations: {},
    ownerReferences: [],
    finalizers: [],
    managedFields: [],
    ...more,
  };
}

export function template(more: Partial<PodTemplate> = {}): PodTemplate {
  return {
    serviceAccountName: "default",
    automountServiceAccountToken: null,
    nodeName: null,
    restartPolicy: "Never",
    containers: [{ name: "main", kind: "container", image: "backup:1", imagePullPolicy: null }],
    literals: [],
    secretReferences: [],
    configMapReferences: [],
    tokens: [],
    nodeAccess: [],
    ...more,
  };
}

function jobTemplate(more: Partial<JobTemplate>): JobTemplate {
  return {
    ttlSecondsAfterFinished: null,
    activeDeadlineSeconds: null,
    backoffLimit: 6,
    suspend: false,
    parallelism: 1,
    completions: 1,
    managedBy: null,
    template: template(),
    ...more,
  };
}

type With<T> = Partial<Omit<T, "kind" | "meta">> & { meta?: Partial<ObjectMeta> };

export function cronJob(name: string, { meta: own, ...more }: With<CronJob> = {}): CronJob {
  return {
    kind: "CronJob",
    meta: meta(name, own),
    schedule: "0 * * * *",
    timeZone: null,
    suspend: false,
    concurrencyPolicy: "Allow",
    startingDeadlineSeconds: null,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    lastScheduleTime: null,
    lastSuccessfulTime: null,
    active: [],
    job: jobTemplate({}),
    annotationLiterals: [],
    ...more,
  };
}

export function job(
  name: string,
  { meta: own, spec, ...more }: With<Omit<Job, "spec">> & { spec?: Partial<JobTemplate> } = {},
): Job {
  return {
    kind: "Job",
    meta: meta(name, own),
    spec: jobTemplate(spec ?? {}),
    startTime: ago(2 * HOUR),
    completionTime: null,
    active: 0,
    succeeded: 0,
    failed: 0,
    conditions: [],
    annotationLiterals: [],
    ...more,
  };
}

export function pod(name: string, { meta: own, ...more }: With<Pod> = {}): Pod {
  return {
    kind: "Pod",
    meta: meta(name, own),
    template: template(),
    phase: "Succeeded",
    reason: null,
    startTime: ago(2 * HOUR),
    conditions: [],
    containers: [],
    annotationLiterals: [],
    messageLiterals: [],
    logLiterals: [],
    ...more,
  };
}

export function node(
  name: string,
  more: Partial<Omit<Node, "kind" | "meta">> & { meta?: Partial<ObjectMeta> } = {},
): Node {
  const { meta: own, ...rest } = more;
  return {
    kind: "Node",
    meta: meta(name, { namespace: null, ...own }),
    unschedulable: false,
    taints: [],
    ready: "True",
    ...rest,
  };
}

export function condition(
  type: string,
  lastTransitionTime: Time | null,
  status = "True",
  reason: string | null = null,
): Condition {
  return { type, status, reason, lastTransitionTime };
}

export function terminated(
  name: string,
  finishedAt: Time | null,
  kind: ContainerStatus["kind"] = "container",
): ContainerStatus {
  return { ...running(name, kind), state: "terminated", exitCode: 0, finishedAt };
}

export function running(name: string, kind: ContainerStatus["kind"] = "container"): ContainerStatus {
  return {
    name,
    kind,
    state: "running",
    reason: null,
    exitCode: null,
    startedAt: ago(2 * HOUR),
    finishedAt: null,
    imageID: null,
    restartCount: 0,
  };
}

/** The controller reference that Kubernetes writes. */
export function controlledBy(owner: CronJob | Job, more: Partial<OwnerReference> = {}): OwnerReference[] {
  return [
    { apiVersion: "batch/v1", kind: owner.kind, name: owner.meta.name, uid: owner.meta.uid, controller: true, ...more },
  ];
}

/** A Job of the CronJob (or of none) that finished so many seconds ago, an hour after it started. */
export function finished(
  name: string,
  seconds: number,
  owner: CronJob | null,
  { outcome = "Complete", ...more }: Parameters<typeof job>[1] & { outcome?: "Complete" | "Failed" } = {},
): Job {
  const ownerReferences = owner === null ? [] : controlledBy(owner);
  return job(name, {
    startTime: ago(seconds + HOUR),
    completionTime: outcome === "Complete" ? ago(seconds) : null,
    conditions: [condition(outcome, ago(seconds))],
    ...more,
    meta: { ownerReferences, ...more.meta },
  });
}

export const WORKLOADS: Resource[] = ["cronjobs", "jobs", "pods"];
/** What the report on stale objects is judged from. */
export const WITH_NODES: Resource[] = [...WORKLOADS, "nodes"];

export function snapshot(objects: (CronJob | Job | Pod)[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    metadata: {
      takenAt: NOW,
      cluster: { server: "https://127.0.0.1:6443", version: "v1.36.4", uid: null },
      user: null,
      scope: { namespaces: null },
      tool: { version: "0.1.0" },
    },
    source: "cluster",
    collected: WITH_NODES,
    beyondScope: [],
    otherAuthorizers: null,
    blindSpots: [],
    notes: [],
    namespaces: [],
    cronjobs: objects.filter((object) => object.kind === "CronJob"),
    jobs: objects.filter((object) => object.kind === "Job"),
    pods: objects.filter((object) => object.kind === "Pod"),
    serviceaccounts: [],
    roles: [],
    rolebindings: [],
    clusterroles: [],
    clusterrolebindings: [],
    configmaps: [],
    nodes: [],
    secrets: [],
    earlier: null,
    recoveryNotes: [],
    logs: null,
    ...more,
  };
}

export function forbidden(resource: Resource, namespace: string | null): BlindSpot {
  return {
    verb: "list",
    group: "batch",
    resource,
    namespace,
    except: [],
    reason: "Forbidden",
    message: "no",
    blinds: [],
  };
}

export { everything } from "../../selection.ts";
