import type { FieldManager } from "../../../src/model/object.ts";
import type { ExposureItem, ExposureReport } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type {
  CronJob,
  Job,
  JobTemplate,
  Literal,
  Pod,
  SecretReference,
  TokenProjection,
} from "../../../src/model/workload.ts";
import type { Selection } from "../../../src/model/selection.ts";
import { exposureReport } from "../../../src/exposure/report.ts";
import {
  ago,
  controlledBy,
  cronJob,
  everything,
  finished,
  HOUR,
  pod,
  snapshot,
  template,
  terminated,
} from "../batch/objects.ts";

/** A literal of the container `main`; the fingerprint stands for its value. */
export function literal(fingerprint: string, more: Partial<Literal> = {}): Literal {
  return {
    kind: "password",
    confidence: "certain",
    because: "its name says so",
    place: "env",
    path: "spec.containers[0].env[0].value",
    field: "spec.containers[main].env[DB_PASSWORD]",
    name: "DB_PASSWORD",
    container: "main",
    fingerprint,
    ...more,
  };
}

/** A secretKeyRef of the container `main`. */
export function reference(secret: string, more: Partial<SecretReference> = {}): SecretReference {
  return {
    use: "env",
    secret,
    keys: ["password"],
    optional: false,
    path: "spec.containers[0].env[0].valueFrom.secretKeyRef",
    field: "spec.containers[main].env[DB_PASSWORD]",
    containers: ["main"],
    ...more,
  };
}

/** The token that admission projects. */
export const TOKEN: TokenProjection = {
  audience: null,
  expirationSeconds: 3607,
  path: "spec.volumes[0].projected.sources[0]",
};

/** A CronJob whose template carries these literals. */
export function carrying(name: string, literals: Literal[], more: Parameters<typeof cronJob>[1] = {}): CronJob {
  const bare = cronJob(name);
  return cronJob(name, { job: { ...bare.job, template: template({ literals }) }, ...more });
}

/** One finished run: a Job that ended so many seconds ago after an hour's work, and its pod. */
export function run(
  name: string,
  seconds: number,
  owner: CronJob | null,
  literals: Literal[],
  more: { spec?: Partial<JobTemplate>; pod?: Partial<Pod["template"]>; created?: number } = {},
): [Job, Pod] {
  const shape = template({ literals, ...more.pod });
  const created = ago(more.created ?? seconds + HOUR);
  const job = finished(name, seconds, owner, {
    spec: { template: shape, ...more.spec },
    meta: { creationTimestamp: created, ownerReferences: owner === null ? [] : controlledBy(owner) },
  });
  const its = pod(`${name}-x`, {
    phase: "Succeeded",
    template: shape,
    startTime: ago(seconds + HOUR),
    containers: [terminated("main", ago(seconds))],
    meta: { creationTimestamp: created, ownerReferences: controlledBy(job) },
  });
  return [job, its];
}

export function manager(fields: string[], seconds: number, name = "kubectl-edit"): FieldManager {
  return { manager: name, operation: "Update", subresource: null, time: ago(seconds), fields };
}

/** A snapshot in which every kind that exposures need was seen. */
export function seen(objects: (CronJob | Job | Pod)[], more: Partial<Snapshot> = {}): Snapshot {
  const grants = ["serviceaccounts", "roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const;
  const accounts = [...new Set(objects.map(({ meta }) => meta.namespace ?? ""))].map((namespace) =>
    account("default", namespace),
  );
  return snapshot(objects, {
    collected: ["cronjobs", "jobs", "pods", "configmaps", "nodes", ...grants],
    nodes: nodesOf(objects),
    serviceaccounts: accounts,
    ...more,
  });
}

/** The nodes that the pods are bound to, all of them there. */
function nodesOf(objects: (CronJob | Job | Pod)[]): Snapshot["nodes"] {
  const names = objects.flatMap((one) => (one.kind === "Pod" ? (one.template.nodeName ?? []) : []));
  return [...new Set(names)].map((name) => ({
    kind: "Node",
    meta: { ...cronJob(name).meta, namespace: null, uid: `node-${name}` },
    ...{ unschedulable: false, taints: [], ready: "True" },
  }));
}

export function account(name: string, namespace = "database"): Snapshot["serviceaccounts"][number] {
  const meta = {
    ...cronJob(name).meta,
    namespace,
    uid: `sa-${namespace}-${name}`,
    creationTimestamp: "2020-01-01T00:00:00Z",
  };
  return {
    kind: "ServiceAccount",
    meta,
    automountServiceAccountToken: null,
    secrets: [],
    imagePullSecrets: [],
    cloudIdentity: null,
  };
}

export function report(
  objects: (CronJob | Job | Pod)[],
  more: Partial<Snapshot> = {},
  selection: Partial<Selection> = {},
): ExposureReport {
  return exposureReport(seen(objects, more), everything(selection));
}

/** The item with this credential name; fails the test where there is none or several. */
export function itemOf(from: ExposureReport, name: string): ExposureItem {
  const items = from.items.filter(({ credential }) => credential.name === name);
  if (items.length !== 1) throw new Error(`${String(items.length)} items named ${name}`);
  return items[0]!;
}
