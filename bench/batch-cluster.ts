import type { ServiceAccount } from "../src/model/access.ts";
import type { Resource, Snapshot } from "../src/model/snapshot.ts";
import type { CronJob, Job, Pod, PodTemplate, SecretReference } from "../src/model/workload.ts";
import { ago, cronJob, finished, HOUR, meta, pod, snapshot, template, terminated } from "../test/unit/batch/objects.ts";
import { literal, manager, TOKEN } from "../test/unit/exposure/objects.ts";
import { bind, bindCluster, clusterRole, group, role, rule, sa, user } from "../test/unit/rbac/fixture.ts";

const RUNS = 10;
const CRON_JOBS_A_NAMESPACE = 50;
const PODS_A_NODE = 100;

const SEEN: Resource[] = [
  "namespaces",
  "cronjobs",
  "jobs",
  "pods",
  "configmaps",
  "nodes",
  "secrets",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
];

/** One Secret of the namespace that all of its pods name. */
const PULL: SecretReference = {
  use: "pull",
  secret: "registry",
  keys: null,
  optional: false,
  path: "spec.imagePullSecrets[0]",
  field: "spec.imagePullSecrets[registry]",
  containers: [],
};

/**
 * So many completed pods, ten of each CronJob, with a Job each: every CronJob has a literal (in last-applied-configuration
 * too) and a Secret of its own, every second one had another literal half its runs ago and names a second Secret, and every
 * tenth mounts a token. That is four credentials for ten pods, and one that all pods of a namespace share.
 */
export function batchCluster(pods: number): Snapshot {
  const cronJobs = Array.from({ length: Math.ceil(pods / RUNS) }, (_, index) => index);
  const places = cronJobs.slice(0, Math.ceil(cronJobs.length / CRON_JOBS_A_NAMESPACE)).map((i) => `team-${String(i)}`);
  const place = (index: number): string => places[index % places.length]!;
  const objects = cronJobs.flatMap((index) => workload(index, place(index), Math.ceil(pods / PODS_A_NODE)));
  return snapshot(objects, {
    collected: SEEN,
    namespaces: places.map((name) => ({ kind: "Namespace", meta: meta(name, { namespace: null }) })),
    serviceaccounts: places.flatMap((namespace) => ["default", "batch"].map((name) => account(namespace, name))),
    nodes: Array.from({ length: Math.ceil(pods / PODS_A_NODE) }, (_, index) => ({
      kind: "Node",
      meta: meta(`node-${String(index)}`, { namespace: null }),
      unschedulable: false,
      taints: [],
      ready: "True",
    })),
    secrets: [
      ...cronJobs.flatMap((index) => secretsOf(index).map((name) => secretOf(place(index), name))),
      ...places.map((namespace) => secretOf(namespace, PULL.secret)),
    ],
    ...grants(places),
  });
}

function workload(index: number, namespace: string, nodes: number): (CronJob | Job | Pod)[] {
  const name = `report-${String(index)}`;
  const old = ago(1000 * HOUR);
  const place = { path: "spec.containers[0].env[0].value" };
  const current = literal(`now-${String(index)}`, place);
  const before = literal(index % 2 === 0 ? `was-${String(index)}` : `now-${String(index)}`, place);
  const templates = [current, before].map((one): PodTemplate =>
    template({
      serviceAccountName: "batch",
      automountServiceAccountToken: index % 10 === 0,
      literals: [one],
      secretReferences: [...secretsOf(index).map(reference), PULL],
      tokens: index % 10 === 0 ? [TOKEN] : [],
    }),
  );
  const shape = cronJob(name).job;
  const annotation = "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]";
  const owner = cronJob(name, {
    meta: { namespace, creationTimestamp: old, managedFields: [manager([current.field], 120 * HOUR)] },
    schedule: `${String(index % 60)} * * * *`,
    timeZone: "Etc/UTC",
    successfulJobsHistoryLimit: RUNS,
    job: { ...shape, template: templates[0]! },
    annotationLiterals: [{ ...current, place: "annotation", path: annotation, field: annotation }],
  });
  const runs = Array.from({ length: RUNS }, (_, run) => {
    const of = templates[run < RUNS / 2 ? 0 : 1]!;
    // A few minutes of work, every hour.
    const ended = (run + 1) * HOUR;
    const started = ago(ended + 300);
    const done = finished(`${name}-${String(run)}`, ended, owner, {
      startTime: started,
      spec: { template: of },
      meta: {
        namespace,
        creationTimestamp: started,
        ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name, uid: owner.meta.uid, controller: true }],
      },
    });
    const { uid } = done.meta;
    const its = pod(`${done.meta.name}-x`, {
      template: { ...of, nodeName: `node-${String((index * RUNS + run) % nodes)}` },
      startTime: started,
      containers: [terminated("main", ago(ended))],
      meta: {
        namespace,
        creationTimestamp: started,
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: done.meta.name, uid, controller: true }],
      },
    });
    return [done, its];
  });
  return [owner, ...runs.flat()];
}

function secretsOf(index: number): string[] {
  const own = `db-${String(index)}`;
  return index % 2 === 0 ? [own, `smtp-${String(index)}`] : [own];
}

function secretOf(namespace: string, name: string): Snapshot["secrets"][number] {
  const uid = `secret-${namespace}-${name}`;
  return { kind: "Secret", meta: meta(name, { namespace, uid, creationTimestamp: ago(900 * HOUR) }), type: "Opaque" };
}

function reference(secret: string, index: number): SecretReference {
  const path = `spec.containers[0].env[${String(index + 1)}].valueFrom.secretKeyRef`;
  const field = `spec.containers[main].env[SECRET_${String(index)}]`;
  return { use: "env", secret, keys: ["password"], optional: false, path, field, containers: ["main"] };
}

function account(namespace: string, name: string): ServiceAccount {
  return {
    kind: "ServiceAccount",
    meta: meta(name, { namespace, uid: `sa-${namespace}-${name}`, creationTimestamp: ago(5000 * HOUR) }),
    automountServiceAccountToken: null,
    secrets: [],
    imagePullSecrets: [],
    cloudIdentity: null,
  };
}

/** Teams that view or edit their namespaces, a deployer each, one Secret by name, and what operators hold everywhere. */
function grants(places: string[]): Partial<Snapshot> {
  const read = [
    rule("get,list,watch", "pods,pods/log,configmaps"),
    rule("get,list,watch", "jobs,cronjobs", [], ["batch"]),
  ];
  return {
    clusterroles: [
      clusterRole("view", read),
      clusterRole("edit", [
        ...read,
        rule("get,list,watch", "secrets"),
        rule("patch,delete", "pods"),
        rule("*", "*", [], ["batch"]),
      ]),
      clusterRole("cluster-admin", [rule("*", "*", [], ["*"])]),
      clusterRole("monitoring", [rule("list,watch", "pods,nodes"), rule("list,watch", "jobs", [], ["batch"])]),
    ],
    clusterrolebindings: [
      bindCluster("cluster-admin", "ClusterRole/cluster-admin", [group("system:masters"), user("root")]),
      bindCluster("monitoring", "ClusterRole/monitoring", [sa("prometheus", places[0])]),
    ],
    roles: places.map((one, index) =>
      role(one, "one", [rule("get", "secrets", [`db-${String(index)}`]), rule("get", "pods")]),
    ),
    rolebindings: places.flatMap((one, index) => [
      bind(one, "view", "ClusterRole/view", [group(`viewers-${String(index % 20)}`), user(`user-${String(index)}`)]),
      bind(one, "edit", "ClusterRole/edit", [group(`team-${String(index)}`), sa("deployer")]),
      bind(one, "one", "Role/one", [sa("batch"), user(`oncall-${String(index % 7)}`)]),
    ]),
  };
}
