import type {
  LabelSelector,
  LabelSelectorRequirement,
  PolicyRule,
  Role,
  RoleBinding,
  ServiceAccount,
  Subject,
} from "../model/access.ts";
import type { FieldManager, ObjectMeta, OwnerReference } from "../model/object.ts";
import type {
  BlindSpot,
  Cluster,
  ConfigMap,
  Earlier,
  LogScan,
  Metadata,
  Namespace,
  Node,
  Resource,
  SecretComparison,
  SecretMeta,
} from "../model/snapshot.ts";
import type {
  Condition,
  ConfigMapReference,
  Container,
  ContainerStatus,
  CronJob,
  Job,
  JobTemplate,
  Pod,
  PodTemplate,
  SecretReference,
  TokenProjection,
} from "../model/workload.ts";
import { boolean, integer, list, map, nullable, object, oneOf, string, time } from "./shape.ts";
import { datedLiteral, literal } from "./literal-shapes.ts";
import type { Shape } from "./shape.ts";

const meta = object<ObjectMeta>({
  name: string,
  namespace: nullable(string),
  uid: string,
  resourceVersion: string,
  creationTimestamp: nullable(time),
  deletionTimestamp: nullable(time),
  deletionGracePeriodSeconds: nullable(integer),
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(
    object<OwnerReference>({ apiVersion: string, kind: string, name: string, uid: string, controller: boolean }),
  ),
  finalizers: list(string),
  managedFields: list(
    object<FieldManager>({
      manager: string,
      operation: string,
      subresource: nullable(string),
      time: nullable(time),
      fields: list(string),
    }),
  ),
});

const containerKind = oneOf("container", "init", "sidecar", "ephemeral");

/** A pod template as it stands on a line of its own. */
export const podTemplateShape = object<PodTemplate>({
  serviceAccountName: string,
  automountServiceAccountToken: nullable(boolean),
  nodeName: nullable(string),
  restartPolicy: nullable(string),
  containers: list(
    object<Container>({ name: string, kind: containerKind, image: string, imagePullPolicy: nullable(string) }),
  ),
  literals: list(literal),
  secretReferences: list(
    object<SecretReference>({
      use: oneOf("env", "envFrom", "volume", "projected", "csi", "storage", "pull"),
      secret: string,
      keys: nullable(list(string)),
      optional: boolean,
      path: string,
      field: string,
      containers: list(string),
    }),
  ),
  configMapReferences: list(
    object<ConfigMapReference>({
      use: oneOf("env", "envFrom", "volume", "projected"),
      configMap: string,
      keys: nullable(list(string)),
      optional: boolean,
      path: string,
      field: string,
      containers: list(string),
    }),
  ),
  tokens: list(
    object<TokenProjection>({ audience: nullable(string), expirationSeconds: nullable(integer), path: string }),
  ),
  nodeAccess: list(string),
});

/** Objects refer to their template by its number. */
const jobTemplate = object<JobTemplate>({
  ttlSecondsAfterFinished: nullable(integer),
  activeDeadlineSeconds: nullable(integer),
  backoffLimit: nullable(integer),
  suspend: boolean,
  parallelism: nullable(integer),
  completions: nullable(integer),
  managedBy: nullable(string),
  template: integer,
});

const conditions = list(
  object<Condition>({ type: string, status: string, reason: nullable(string), lastTransitionTime: nullable(time) }),
);

const role = (kind: Role["kind"]): Shape =>
  object<Role>({
    kind: oneOf(kind),
    meta,
    rules: list(
      object<PolicyRule>({
        verbs: list(string),
        apiGroups: list(string),
        resources: list(string),
        resourceNames: list(string),
        nonResourceURLs: list(string),
      }),
    ),
    aggregation: nullable(
      list(
        object<LabelSelector>({
          matchLabels: map(string),
          matchExpressions: list(
            object<LabelSelectorRequirement>({ key: string, operator: string, values: list(string) }),
          ),
        }),
      ),
    ),
  });

const roleBinding = (kind: RoleBinding["kind"]): Shape =>
  object<RoleBinding>({
    kind: oneOf(kind),
    meta,
    roleRef: object<RoleBinding["roleRef"]>({ kind: string, name: string }),
    subjects: list(object<Subject>({ kind: string, namespace: nullable(string), name: string })),
  });

/** One record of each kind, as a snapshot file holds it. */
export const RECORD_SHAPES: Record<Resource, Shape> = {
  namespaces: object<Namespace>({ kind: oneOf("Namespace"), meta }),
  cronjobs: object<CronJob>({
    kind: oneOf("CronJob"),
    meta,
    schedule: string,
    timeZone: nullable(string),
    suspend: boolean,
    concurrencyPolicy: string,
    startingDeadlineSeconds: nullable(integer),
    successfulJobsHistoryLimit: integer,
    failedJobsHistoryLimit: integer,
    lastScheduleTime: nullable(time),
    lastSuccessfulTime: nullable(time),
    active: list(string),
    job: jobTemplate,
    annotationLiterals: list(literal),
  }),
  jobs: object<Job>({
    kind: oneOf("Job"),
    meta,
    spec: jobTemplate,
    startTime: nullable(time),
    completionTime: nullable(time),
    active: integer,
    succeeded: integer,
    failed: integer,
    conditions,
    annotationLiterals: list(literal),
  }),
  pods: object<Pod>({
    kind: oneOf("Pod"),
    meta,
    template: integer,
    phase: string,
    reason: nullable(string),
    startTime: nullable(time),
    conditions,
    containers: list(
      object<ContainerStatus>({
        name: string,
        kind: containerKind,
        state: oneOf("waiting", "running", "terminated", "unknown"),
        reason: nullable(string),
        exitCode: nullable(integer),
        startedAt: nullable(time),
        finishedAt: nullable(time),
        imageID: nullable(string),
        restartCount: integer,
      }),
    ),
    annotationLiterals: list(literal),
    messageLiterals: list(datedLiteral),
    logLiterals: list(datedLiteral),
  }),
  serviceaccounts: object<ServiceAccount>({
    kind: oneOf("ServiceAccount"),
    meta,
    automountServiceAccountToken: nullable(boolean),
    secrets: list(string),
    imagePullSecrets: list(string),
    cloudIdentity: nullable(string),
  }),
  roles: role("Role"),
  rolebindings: roleBinding("RoleBinding"),
  clusterroles: role("ClusterRole"),
  clusterrolebindings: roleBinding("ClusterRoleBinding"),
  configmaps: object<ConfigMap>({ kind: oneOf("ConfigMap"), meta, literals: list(literal) }),
  nodes: object<Node>({
    kind: oneOf("Node"),
    meta,
    unschedulable: boolean,
    taints: list(object<Node["taints"][number]>({ key: string, effect: nullable(string) })),
    ready: nullable(string),
  }),
  secrets: object<SecretMeta>({ kind: oneOf("Secret"), meta, type: nullable(string) }),
};

export const metadataShape = object<Metadata>({
  takenAt: time,
  cluster: object<Cluster>({ server: string, version: nullable(string), uid: nullable(string) }),
  user: nullable(string),
  scope: object<Metadata["scope"]>({ namespaces: nullable(list(string)) }),
  tool: object<Metadata["tool"]>({ version: string }),
});

/** What the header says of earlier objects; they have records of their own. */
export const earlierShape = object<Pick<Earlier, "resourceVersion" | "at">>({
  resourceVersion: string,
  at: nullable(time),
});

export const logScanShape = object<LogScan>({
  containers: integer,
  unread: list(object<LogScan["unread"][number]>({ reason: string, containers: integer })),
  bytesEach: integer,
});

export const comparisonShape = object<SecretComparison>({
  secrets: integer,
  values: integer,
  left: list(object<SecretComparison["left"][number]>({ reason: string, values: integer })),
});

export const blindSpotShape = object<BlindSpot>({
  verb: string,
  group: string,
  resource: string,
  namespace: nullable(string),
  except: list(string),
  reason: string,
  message: string,
  blinds: list(string),
});
