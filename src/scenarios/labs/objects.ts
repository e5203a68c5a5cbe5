import { objectAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { nameOf, uidOf } from "../lab/json.ts";
import type { Canary, Place } from "../lab/stage.ts";

/** Whether a hardening is applied to a twin. */
export function has({ hardenings }: { hardenings: readonly string[] }, id: string): boolean {
  return hardenings.includes(id);
}

/** A CronJob that starts nothing by itself: its runs are made from its template. `job` and `more` are fields of the Job's and its own spec. */
export function suspendedCronJob(
  { namespace }: Place,
  name: string,
  spec: Json,
  { job = {}, more = {} }: { job?: Json; more?: Json } = {},
): Json {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name },
    spec: {
      schedule: "0 2 * * *",
      suspend: true,
      ...more,
      jobTemplate: { spec: { backoffLimit: 0, ...job, template: { spec } } },
    },
  };
}

/** A run of a CronJob as it stands now, owned by it, as `kubectl create job --from` makes one. */
export function runOf(cronJob: Json, name: string): Json {
  const template = objectAt(objectAt(cronJob, "spec"), "jobTemplate");
  const metadata = objectAt(template, "metadata");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      namespace: objectAt(cronJob, "metadata")?.["namespace"],
      name,
      labels: objectAt(metadata, "labels") ?? {},
      annotations: { ...objectAt(metadata, "annotations"), "cronjob.kubernetes.io/instantiate": "manual" },
      ownerReferences: [
        { apiVersion: "batch/v1", kind: "CronJob", name: nameOf(cronJob), uid: uidOf(cronJob), controller: true },
      ],
    },
    spec: objectAt(template, "spec"),
  };
}

export function serviceAccount(namespace: string, name: string): Json {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } };
}

/** A Secret with a canary under the key `value`; without one it holds nothing, and is there to bind a token to. */
export function secret(namespace: string, name: string, canary: Canary | null = null): Json {
  const stringData = canary === null ? {} : { stringData: { value: canary.value } };
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name }, ...stringData };
}

/** One rule of a Role. */
export interface Rule {
  apiGroups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
  resourceNames?: readonly string[];
}

/** A Role with these rules in a namespace, and a RoleBinding of the same name to an account, which may be of another one. */
export function grant(
  namespace: string,
  name: string,
  account: { namespace: string; name: string },
  rules: readonly Rule[],
): Json[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { namespace, name };
  return [
    { apiVersion, kind: "Role", metadata, rules },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", ...account }],
    },
  ];
}

/** Somebody new in the namespace with these rights alone, and a Secret to bind their token to; all of the same name. */
export function identity(namespace: string, name: string, rules: readonly Rule[]): Json[] {
  return [
    serviceAccount(namespace, name),
    secret(namespace, name),
    ...grant(namespace, name, { namespace, name }, rules),
  ];
}
