import fc from "fast-check";
import type { ObjectMeta, OwnerReference } from "../../../src/model/object.ts";
import type { Resource, Snapshot } from "../../../src/model/snapshot.ts";
import type {
  ContainerStatus,
  CronJob,
  DatedLiteral,
  Job,
  Literal,
  Pod,
  PodTemplate,
  SecretKey,
  SecretReference,
} from "../../../src/model/workload.ts";
import { condition, cronJob, DAY, job, pod, running, snapshot, template, terminated } from "../batch/objects.ts";
import { reference, TOKEN } from "./objects.ts";
import { binding, granting } from "./random-grants.ts";
import {
  accounts,
  byName,
  configmaps,
  literal,
  managed,
  name,
  namespace,
  node,
  nodes,
  owner,
  rarely,
  reuse,
  secrets,
  time,
  timeOrNone,
} from "./random-parts.ts";

const metaOf = (kind: "CronJob" | "Job" | "Pod", owns: "CronJob" | "Job" | null) =>
  namespace.chain((inNamespace) =>
    fc
      .record({
        name,
        again: fc.boolean(),
        creationTimestamp: timeOrNone,
        deletionTimestamp: rarely(time),
        resourceVersion: fc.constantFrom("1", "1", "1", ""),
        finalizers: fc.subarray(["foregroundDeletion", "example.com/keep"], { maxLength: 1 }),
        labels: fc.constantFrom<Record<string, string>>({}, { app: "a", tier: "b" }),
        ownerReferences:
          owns === null ? fc.constant<OwnerReference[]>([]) : fc.array(owner(owns, inNamespace), { maxLength: 1 }),
        managedFields: fc.array(managed, { maxLength: 2 }),
      })
      .map(({ again, ...given }): Partial<ObjectMeta> & { name: string } => ({
        ...given,
        namespace: inNamespace,
        uid: reuse(kind, inNamespace, given.name, again),
      })),
  );

const annotated: fc.Arbitrary<Literal[]> = fc.array(
  literal.map((one): Literal => ({
    ...one,
    place: "annotation",
    path: "metadata.annotations.note",
    field: "metadata.annotations[note]",
    container: null,
  })),
  { maxLength: 1 },
);

const dated = (place: "log" | "termination-message"): fc.Arbitrary<DatedLiteral[]> =>
  fc.array(
    fc.tuple(literal, timeOrNone).map(([one, at]): DatedLiteral => ({
      ...one,
      place,
      path: place === "log" ? "log[main]" : "status.containerStatuses[0].state.terminated.message",
      field: `${place}[main]`,
      at,
    })),
    { maxLength: 1 },
  );

const secretReference: fc.Arbitrary<SecretReference> = fc
  .record({
    secret: fc.constantFrom("s1", "s2"),
    keys: fc.constantFrom(["password"], ["user", "password"], ["token"], null),
    use: fc.constantFrom("env", "envFrom", "volume", "projected", "csi", "storage", "pull"),
  })
  .map(({ secret, keys, use }) =>
    reference(secret, {
      keys: use === "pull" || keys === null ? null : [...keys],
      use,
      containers: use === "pull" || use === "storage" ? [] : ["main"],
    }),
  );

const podTemplate: fc.Arbitrary<PodTemplate> = fc
  .record({
    serviceAccountName: fc.constantFrom("", "default", "missing"),
    automountServiceAccountToken: fc.constantFrom(null, true, false),
    restartPolicy: fc.constantFrom("Never", "Never", "Always"),
    literals: fc.array(literal, { maxLength: 2 }),
    secretReferences: fc.array(secretReference, { maxLength: 2 }),
    configMap: fc.boolean(),
    tokens: fc.subarray([TOKEN, { audience: "vault", expirationSeconds: 600, path: "spec.volumes[1]" }]),
  })
  .map(({ configMap, ...given }) =>
    template({
      ...given,
      configMapReferences: configMap
        ? [{ use: "env", configMap: "c", keys: ["k"], optional: false, path: "p", field: "f", containers: ["main"] }]
        : [],
    }),
  );

const conditions = fc.array(
  fc
    .record({
      type: fc.constantFrom("Complete", "Failed", "Ready", "PodScheduled"),
      at: timeOrNone,
      status: fc.constantFrom("True", "True", "False"),
    })
    .map(({ type, at, status }) => condition(type, at, status)),
  { maxLength: 2 },
);

const spec = {
  ttlSecondsAfterFinished: rarely(fc.nat(DAY)),
  activeDeadlineSeconds: rarely(fc.nat(DAY)),
  suspend: fc.boolean(),
  template: podTemplate,
};
const bare = cronJob("bare").job;

export const cronJobs: fc.Arbitrary<CronJob> = fc
  .record({
    meta: metaOf("CronJob", null),
    schedule: fc.constantFrom("0 * * * *", "@every 90m", "0 0 31 2 *", "no schedule"),
    timeZone: fc.constantFrom(null, "Etc/UTC", "Europe/Zurich", "No/Where"),
    suspend: fc.boolean(),
    successfulJobsHistoryLimit: fc.nat(2),
    failedJobsHistoryLimit: fc.nat(1),
    lastScheduleTime: timeOrNone,
    job: fc.record(spec),
    annotationLiterals: annotated,
  })
  .map(({ meta, job: its, ...more }) => cronJob(meta.name, { meta, job: { ...bare, ...its }, ...more }));

export const jobs: fc.Arbitrary<Job> = fc
  .record({
    meta: metaOf("Job", "CronJob"),
    startTime: timeOrNone,
    conditions,
    spec: fc.record(spec),
    annotationLiterals: annotated,
  })
  .map(({ meta, ...more }) => job(meta.name, { meta, ...more }));

const containers: fc.Arbitrary<ContainerStatus[]> = fc
  .record({ main: fc.option(timeOrNone, { nil: undefined }), side: fc.constantFrom("none", "running", "waiting") })
  .map(({ main, side }) => [
    ...(main === undefined ? [] : [terminated("main", main)]),
    ...(side === "running" ? [running("side")] : []),
    ...(side === "waiting" ? [{ ...running("side"), state: "waiting" as const, startedAt: null }] : []),
  ]);

export const pods: fc.Arbitrary<Pod> = fc
  .record({
    meta: metaOf("Pod", "Job"),
    template: fc.tuple(podTemplate, fc.option(node, { nil: null })).map(([its, nodeName]) => ({ ...its, nodeName })),
    phase: fc.constantFrom("Succeeded", "Failed", "Running", "Pending", "Unknown"),
    startTime: timeOrNone,
    conditions,
    containers,
    annotationLiterals: annotated,
    messageLiterals: dated("termination-message"),
    logLiterals: dated("log"),
  })
  .map(({ meta, ...more }) => pod(meta.name, { meta, ...more }));

/** One of each name in a namespace, as in any list of the API. */
const list = <T extends CronJob | Job | Pod>(one: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(one, { selector: ({ meta }) => `${meta.namespace ?? ""}/${meta.name}`, maxLength: 4 })
    .map((all) => all.toSorted(byName));

const KINDS: Resource[] = [
  "cronjobs",
  "jobs",
  "pods",
  "configmaps",
  "nodes",
  "serviceaccounts",
  "roles",
  "rolebindings",
  "clusterroles",
  "clusterrolebindings",
];

/** Deleted objects, and what CronJobs were, under uids of their own or of what is there. */
const earlier = fc
  .record({ cronjobs: list(cronJobs), jobs: list(jobs), pods: list(pods), at: timeOrNone })
  .map(({ jobs: gone, pods: ended, ...more }): Snapshot["earlier"] => ({
    resourceVersion: "1",
    ...more,
    jobs: gone.map((one) => ({ ...one, meta: { ...one.meta, uid: `${one.meta.uid}/earlier` } })),
    pods: ended.map((one) => ({ ...one, meta: { ...one.meta, uid: `${one.meta.uid}/earlier` } })),
  }));

/** Any evidence. Objects come in the order of a snapshot: by namespace, name and uid. */
export const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    objects: fc.tuple(list(cronJobs), list(jobs), list(pods)).map((all) => all.flat()),
    grants: fc.uniqueArray(binding, { selector: ({ role }) => role.meta.uid, maxLength: 3 }),
    serviceaccounts: accounts,
    secrets,
    configmaps,
    nodes,
    earlier: rarely(earlier),
    listSecrets: fc.boolean(),
    compared: fc.boolean(),
    source: fc.constantFrom("cluster" as const, "cluster" as const, "dump" as const),
    blind: fc.option(fc.constantFrom(...KINDS), { nil: null }),
  })
  .map(({ objects, grants, listSecrets, compared, blind, ...more }) => {
    const blindSpots = blind === null ? [] : [blindSpot(blind)];
    const kinds = listSecrets ? [...KINDS, "secrets" as const] : KINDS;
    const base = snapshot(objects, {
      ...more,
      secrets: listSecrets ? more.secrets.toSorted(byName) : [],
      collected: kinds,
      blindSpots,
    });
    const whole = blind === null ? base : { ...base, [blind]: [] };
    return granting(compared ? comparedAs(whole, true) : whole, grants);
  });

/** The same evidence after Secrets were compared: each value but one is that of a Secret, or of several; or before. */
export function comparedAs(snapshot: Snapshot, compared: boolean): Snapshot {
  const changed = withEquals(snapshot, compared ? EQUALS : {});
  if (compared) return { ...changed, compared: { secrets: 2, values: 2, left: [] } };
  delete changed.compared;
  return changed;
}

const held = (namespace: string, name: string, fills: SecretKey["fills"]): SecretKey => ({
  ...{ namespace, name, key: "password", fills },
});
const EQUALS: Record<string, SecretKey[]> = {
  f1: [held("x", "s1", "secret"), held("y", "s2", "key")],
  f2: [held("x", "s2", "part")],
};

/** Templates that objects share may become several equal ones. */
function withEquals<T>(value: T, equals: Record<string, SecretKey[]>): T {
  if (Array.isArray(value)) return value.map((one: unknown) => withEquals(one, equals)) as T;
  if (typeof value !== "object" || value === null) return value;
  const all = Object.entries(value).filter(([key]) => key !== "equals");
  const copy = Object.fromEntries(all.map(([key, one]) => [key, withEquals<unknown>(one, equals)]));
  const secrets = typeof copy["fingerprint"] === "string" ? equals[copy["fingerprint"]] : undefined;
  return (secrets === undefined ? copy : { ...copy, confidence: "certain", equals: { secrets, more: 0 } }) as T;
}

function blindSpot(resource: Resource): Snapshot["blindSpots"][number] {
  return {
    verb: "list",
    group: "",
    resource,
    namespace: null,
    except: [],
    reason: "Forbidden",
    message: "no",
    blinds: ["something"],
  };
}
