import fc from "fast-check";
import type { ServiceAccount } from "../../../src/model/access.ts";
import type { FieldManager, ObjectMeta, OwnerReference, Time } from "../../../src/model/object.ts";
import type { ConfigMap, Node, SecretMeta } from "../../../src/model/snapshot.ts";
import type { Literal } from "../../../src/model/workload.ts";
import { ago, cronJob, DAY } from "../batch/objects.ts";
import { account } from "./objects.ts";

// Few names, values and nodes, so that objects meet, in ways that a cluster would not let them, too.
export const NAMESPACES = ["x", "y"] as const;
export const namespace = fc.constantFrom(...NAMESPACES);
export const name = fc.constantFrom("a", "b");
export const fingerprint = fc.constantFrom("f1", "f2", "f3", "");
export const node = fc.constantFrom("n1", "n2", "gone");

/** A time in the evidence, the future or nowhere; sometimes with a fraction of a second. */
export const time: fc.Arbitrary<Time> = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3 * DAY }).map(ago) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * DAY, max: 0 }).map(ago) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: DAY }).map((s) => ago(s).replace("Z", ".500Z")) },
);
export const timeOrNone = fc.option(time, { nil: null, freq: 8 });
export const rarely = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some });

export function reuse(kind: string, inNamespace: string, named: string, again: boolean): string {
  return `${kind}/${inNamespace}/${named}${again ? "/again" : ""}`;
}

/** An owner that is there, was replaced by another of its name, is of another kind, or is the object itself. */
export const owner = (kind: "CronJob" | "Job", inNamespace: string): fc.Arbitrary<OwnerReference> =>
  fc
    .record({
      kind: fc.constantFrom(kind, kind, kind, kind, "ConfigMap", "ReplicaSet", "Job"),
      name,
      again: fc.boolean(),
      controller: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    })
    .map(({ kind: of, name: named, again, controller }) => ({
      apiVersion: of === "ReplicaSet" ? "apps/v1" : of === "ConfigMap" ? "v1" : "batch/v1",
      kind: of,
      name: named,
      uid: reuse(of, inNamespace, named, again),
      controller,
    }));

export const managed: fc.Arbitrary<FieldManager> = fc.record({
  manager: fc.constantFrom("kubectl", "argocd"),
  operation: fc.constant("Update"),
  subresource: fc.constantFrom(null, "status"),
  time: timeOrNone,
  fields: fc.subarray(["spec.containers[main].env[V0]", "metadata.annotations[note]", "data[password]", "data[k]"]),
});

export const literal: fc.Arbitrary<Literal> = fc
  .record({ fingerprint, at: fc.nat(2), args: fc.boolean(), confidence: fc.constantFrom("certain", "possible") })
  .map(({ fingerprint: of, at, args, confidence }) => ({
    kind: "password",
    confidence,
    because: "its name says so",
    place: args ? "args" : "env",
    path: args ? `spec.containers[0].args[${String(at)}]` : `spec.containers[0].env[${String(at)}].value`,
    field: args ? "spec.containers[main].args" : `spec.containers[main].env[V${String(at)}]`,
    name: args ? "--password" : `V${String(at)}`,
    container: at === 2 ? "side" : "main",
    fingerprint: of,
  }));

export function byName(a: { meta: ObjectMeta }, b: { meta: ObjectMeta }): number {
  const of = ({ meta }: { meta: ObjectMeta }): string => `${meta.namespace ?? ""}/${meta.name}/${meta.uid}`;
  return of(a) < of(b) ? -1 : 1;
}

export const accounts: fc.Arbitrary<ServiceAccount[]> = fc
  .tuple(
    fc.subarray([...NAMESPACES]),
    timeOrNone,
    rarely(time),
    fc.subarray(["s1", "s2"], { maxLength: 1 }),
    fc.constantFrom(null, false),
  )
  .map(([places, created, deleted, imagePullSecrets, automountServiceAccountToken]) =>
    places.map((place) => {
      const base = account("default", place);
      const meta = { ...base.meta, creationTimestamp: created, deletionTimestamp: deleted };
      return { ...base, imagePullSecrets, automountServiceAccountToken, meta };
    }),
  );

export const secrets: fc.Arbitrary<SecretMeta[]> = fc.uniqueArray(
  fc
    .record({
      inNamespace: namespace,
      named: fc.constantFrom("s1", "s2"),
      created: timeOrNone,
      deleted: rarely(time),
      isToken: fc.boolean(),
      invalid: fc.boolean(),
      managedFields: fc.array(managed, { maxLength: 2 }),
    })
    .map(({ inNamespace, named, created, deleted, isToken, invalid, managedFields }): SecretMeta => ({
      kind: "Secret",
      type: isToken ? "kubernetes.io/service-account-token" : "Opaque",
      meta: {
        ...cronJob(named).meta,
        namespace: inNamespace,
        uid: `secret/${inNamespace}/${named}`,
        creationTimestamp: created,
        deletionTimestamp: deleted,
        annotations: isToken ? { "kubernetes.io/service-account.name": "default" } : {},
        labels: invalid ? { "kubernetes.io/legacy-token-invalid-since": "2026-11-21" } : {},
        managedFields,
      },
    })),
  { selector: ({ meta }) => meta.uid, maxLength: 3 },
);

export const configmaps: fc.Arbitrary<ConfigMap[]> = fc
  .tuple(fc.subarray([...NAMESPACES]), timeOrNone, rarely(time), literal, fc.array(owner("Job", "x"), { maxLength: 1 }))
  .map(([places, created, deleted, of, ownerReferences]) =>
    places.map((place) => ({
      kind: "ConfigMap",
      meta: {
        ...cronJob("c").meta,
        namespace: place,
        uid: `configmap/${place}`,
        creationTimestamp: created,
        deletionTimestamp: deleted,
        ownerReferences,
      },
      literals: [{ ...of, place: "configmap", path: "data[k]", field: "data[k]", name: "k", container: null }],
    })),
  );

export const nodes: fc.Arbitrary<Node[]> = fc.subarray(["n1", "n2"]).map((names) =>
  names.map((named) => ({
    kind: "Node",
    meta: { ...cronJob(named).meta, namespace: null, uid: `node/${named}` },
    unschedulable: false,
    taints: [],
    ready: "True",
  })),
);
