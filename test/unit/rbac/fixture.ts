import type {
  LabelSelector,
  PolicyRule,
  Role,
  RoleBinding,
  ServiceAccount,
  Subject,
} from "../../../src/model/access.ts";
import type { ObjectMeta, OwnerReference, Time } from "../../../src/model/object.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { CronJob, Job, JobTemplate, Pod, PodTemplate } from "../../../src/model/workload.ts";
import type { RawManifest } from "./random-rbac.ts";

export const CREATED: Time = "2026-11-01T00:00:00Z";

/** Metadata as an API server writes it; `manifest: true` as a file that was never applied. */
export function meta(
  namespace: string | null,
  name: string,
  more: Partial<ObjectMeta> & { manifest?: boolean } = {},
): ObjectMeta {
  const { manifest = false, ...rest } = more;
  return {
    name,
    namespace,
    uid: `uid:${namespace ?? ""}/${name}`,
    resourceVersion: manifest ? "" : "1",
    creationTimestamp: manifest ? null : CREATED,
    deletionTimestamp: null,
    deletionGracePeriodSeconds: null,
    labels: {},
    annotations: {},
    ownerReferences: [],
    finalizers: [],
    managedFields: [],
    ...rest,
  };
}

/** `rule("get,list", "secrets", ["db"])`: verbs and resources split at commas, the core group unless given. */
export function rule(verbs: string, resources: string, resourceNames: string[] = [], groups = [""]): PolicyRule {
  return {
    verbs: verbs.split(","),
    apiGroups: groups,
    resources: resources.split(","),
    resourceNames,
    nonResourceURLs: [],
  };
}

export function role(namespace: string, name: string, rules: PolicyRule[], more: Partial<ObjectMeta> = {}): Role {
  return { kind: "Role", meta: meta(namespace, name, more), rules, aggregation: null };
}

export function clusterRole(
  name: string,
  rules: PolicyRule[],
  more: Partial<ObjectMeta> & { manifest?: boolean; aggregation?: LabelSelector[] } = {},
): Role {
  const { aggregation, ...rest } = more;
  return { kind: "ClusterRole", meta: meta(null, name, rest), rules, aggregation: aggregation ?? null };
}

export function bind(
  namespace: string,
  name: string,
  ref: string,
  subjects: Subject[],
  more: Partial<ObjectMeta> = {},
): RoleBinding {
  return { kind: "RoleBinding", meta: meta(namespace, name, more), roleRef: refOf(ref), subjects };
}

export function bindCluster(
  name: string,
  ref: string,
  subjects: Subject[],
  more: Partial<ObjectMeta> = {},
): RoleBinding {
  return { kind: "ClusterRoleBinding", meta: meta(null, name, more), roleRef: refOf(ref), subjects };
}

function refOf(ref: string): { kind: string; name: string } {
  const [kind, name] = ref.split("/");
  return { kind: kind!, name: name! };
}

export function sa(name: string, namespace: string | null = null): Subject {
  return { kind: "ServiceAccount", namespace, name };
}

export function user(name: string): Subject {
  return { kind: "User", namespace: null, name };
}

export function group(name: string): Subject {
  return { kind: "Group", namespace: null, name };
}

export function account(namespace: string, name: string): SubjectRef {
  return { kind: "ServiceAccount", namespace, name };
}

export function serviceAccount(namespace: string, name: string): ServiceAccount {
  const kind = "ServiceAccount";
  return {
    kind,
    meta: meta(namespace, name),
    automountServiceAccountToken: null,
    secrets: [],
    imagePullSecrets: [],
    cloudIdentity: null,
  };
}

function template(serviceAccountName: string): PodTemplate {
  return {
    serviceAccountName,
    automountServiceAccountToken: null,
    nodeName: null,
    restartPolicy: "Never",
    containers: [],
    literals: [],
    secretReferences: [],
    configMapReferences: [],
    tokens: [],
    nodeAccess: [],
  };
}

function jobTemplate(serviceAccountName: string): JobTemplate {
  return {
    ttlSecondsAfterFinished: null,
    activeDeadlineSeconds: null,
    backoffLimit: null,
    suspend: false,
    parallelism: null,
    completions: null,
    managedBy: null,
    template: template(serviceAccountName),
  };
}

export function cronJob(namespace: string, name: string, runsAs: string, more: Partial<ObjectMeta> = {}): CronJob {
  return {
    kind: "CronJob",
    meta: meta(namespace, name, { uid: `cronjob:${namespace}/${name}`, ...more }),
    schedule: "0 0 * * *",
    timeZone: null,
    suspend: false,
    concurrencyPolicy: "Allow",
    startingDeadlineSeconds: null,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    lastScheduleTime: null,
    lastSuccessfulTime: null,
    active: [],
    job: jobTemplate(runsAs),
    annotationLiterals: [],
  };
}

export function job(namespace: string, name: string, runsAs: string, more: Partial<ObjectMeta> = {}): Job {
  return {
    kind: "Job",
    meta: meta(namespace, name, { uid: `job:${namespace}/${name}`, ...more }),
    spec: jobTemplate(runsAs),
    startTime: null,
    completionTime: null,
    active: 0,
    succeeded: 1,
    failed: 0,
    conditions: [],
    annotationLiterals: [],
  };
}

export function pod(namespace: string, name: string, runsAs: string, more: Partial<ObjectMeta> = {}): Pod {
  return {
    kind: "Pod",
    meta: meta(namespace, name, { uid: `pod:${namespace}/${name}`, ...more }),
    template: template(runsAs),
    phase: "Succeeded",
    reason: null,
    startTime: null,
    conditions: [],
    containers: [],
    annotationLiterals: [],
    messageLiterals: [],
    logLiterals: [],
  };
}

export function ownedBy(kind: string, object: { meta: ObjectMeta } | { name: string; uid: string }): OwnerReference {
  const { name, uid } = "meta" in object ? object.meta : object;
  return { apiVersion: kind === "ReplicaSet" ? "apps/v1" : "batch/v1", kind, name, uid, controller: true };
}

/** A snapshot of a whole cluster in which everything was seen. */
export function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    metadata: {
      takenAt: "2026-11-22T00:00:00Z",
      cluster: { server: "https://127.0.0.1:6443", version: "v1.36.4", uid: null },
      user: null,
      scope: { namespaces: null },
      tool: { version: "0.0.0" },
    },
    source: "cluster",
    collected: [
      "namespaces",
      "cronjobs",
      "jobs",
      "pods",
      "serviceaccounts",
      "roles",
      "rolebindings",
      "clusterroles",
      "clusterrolebindings",
    ],
    beyondScope: [],
    otherAuthorizers: null,
    blindSpots: [],
    notes: [],
    namespaces: [],
    cronjobs: [],
    jobs: [],
    pods: [],
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
    ...parts,
  };
}

/** A snapshot of manifests as an API server would hold them, in the given namespaces. */
export function snapshotOf(manifests: readonly RawManifest[], namespaces: readonly string[]): Snapshot {
  const result = snapshot({ namespaces: namespaces.map((name) => ({ kind: "Namespace", meta: meta(null, name) })) });
  for (const manifest of manifests) {
    const where = meta(manifest.metadata.namespace ?? null, manifest.metadata.name);
    if ("rules" in manifest) {
      const rules = manifest.rules.map((raw) => ({ resourceNames: [], nonResourceURLs: [], ...raw }));
      const list = manifest.kind === "Role" ? result.roles : result.clusterroles;
      list.push({ kind: manifest.kind, meta: where, rules, aggregation: null });
    } else {
      const { kind, roleRef } = manifest;
      const subjects = manifest.subjects.map((raw) => ({ ...raw, namespace: raw.namespace ?? null }));
      const list = kind === "RoleBinding" ? result.rolebindings : result.clusterrolebindings;
      list.push({ kind, meta: where, roleRef, subjects });
    }
  }
  return result;
}

export { everything as selection } from "../../selection.ts";
