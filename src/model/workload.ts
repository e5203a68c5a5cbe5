import type { Verdict } from "./credential.ts";
import type { ObjectMeta, Time } from "./object.ts";

/** Where in an object a literal stands. */
export type LiteralPlace = "env" | "args" | "annotation" | "termination-message" | "configmap" | "log";

/**
 * A key of a Secret whose value is, or holds, a credential. `fills`: `secret` where the Secret holds no other credential as far
 * as that was told, `key` where this key holds no other, `part` where its value holds others besides.
 */
export interface SecretKey {
  namespace: string;
  name: string;
  key: string;
  fills: "secret" | "key" | "part";
}

/** The Secrets that hold one credential (--compare-secrets): the first ten by namespace, name and key, and how many more keys. */
export interface SecretEquality {
  secrets: SecretKey[];
  more: number;
}

/** What says that a literal is no finding: the operator's file, or an annotation on the object. */
export interface Ignored {
  /** `annotation` where no entry of the file says so. */
  by: "file" | "annotation";
  /** Entries of the file, as `allow[2]`, and annotations, as Literal.field names places. */
  entries: string[];
  /** The reason that the file gives. */
  reason: string | null;
  /** False for an annotation that the file does not confirm: whoever may change the object may have set it. */
  confirmed: boolean;
}

/** A credential whose text stands in the object itself; the text was fingerprinted and dropped where it was decoded. */
export interface Literal extends Verdict {
  place: LiteralPlace;
  /** JSON path in the object, with indexes: `spec.jobTemplate.spec.template.spec.containers[0].env[2].value`. */
  path: string;
  /** The same place independent of the object's kind and of order: `spec.containers[backup].env[DB_PASSWORD]`. */
  field: string;
  /** What people call it: the variable, the flag, the annotation. */
  name: string;
  container: string | null;
  /** Keyed HMAC-SHA-256 of the credential alone (of a URI its password), 32 hex digits. */
  fingerprint: string;
  /** The Secrets that hold the same credential; absent where none does, or Secrets were not compared (Snapshot.compared). */
  equals?: SecretEquality;
  /** Absent where nothing ignores it. */
  ignored?: Ignored;
}

/** A literal that came with a time of its own: when the container ended, or when the line was written. */
export interface DatedLiteral extends Literal {
  at: Time | null;
}

/** How a pod uses a ConfigMap that it names. */
export type ConfigMapUse = "env" | "envFrom" | "volume" | "projected";

/** One reference from a pod template to a ConfigMap of its namespace. `keys` null: all keys. */
export interface ConfigMapReference {
  use: ConfigMapUse;
  configMap: string;
  keys: string[] | null;
  optional: boolean;
  path: string;
  field: string;
  containers: string[];
}

/** How a pod uses a Secret that it names. */
export type SecretUse = "env" | "envFrom" | "volume" | "projected" | "csi" | "storage" | "pull";

/** One reference from a pod template to a Secret of its namespace. `keys` null: all keys of the Secret. */
export interface SecretReference {
  use: SecretUse;
  secret: string;
  keys: string[] | null;
  optional: boolean;
  path: string;
  field: string;
  /** Containers that get it; empty for pull and storage, which the kubelet alone uses. */
  containers: string[];
}

/** A serviceAccountToken projection that the template asks for, or that admission added. */
export interface TokenProjection {
  audience: string | null;
  expirationSeconds: number | null;
  path: string;
}

/** A container as declared. Kind `sidecar` is a restartable init container. */
export interface Container {
  name: string;
  kind: "container" | "init" | "sidecar" | "ephemeral";
  image: string;
  imagePullPolicy: string | null;
}

/** The part of a pod spec that reports need. Shared by all objects whose template projects to the same. */
export interface PodTemplate {
  serviceAccountName: string;
  automountServiceAccountToken: boolean | null;
  nodeName: string | null;
  restartPolicy: string | null;
  containers: Container[];
  literals: Literal[];
  secretReferences: SecretReference[];
  configMapReferences: ConfigMapReference[];
  tokens: TokenProjection[];
  /** What in the spec opens the node to its containers, in words: `privileged container x`, `hostPath /var/lib`. */
  nodeAccess: string[];
}

export interface Condition {
  type: string;
  status: string;
  reason: string | null;
  lastTransitionTime: Time | null;
}

export interface CronJob {
  kind: "CronJob";
  meta: ObjectMeta;
  schedule: string;
  timeZone: string | null;
  suspend: boolean;
  concurrencyPolicy: string;
  startingDeadlineSeconds: number | null;
  /** Defaults applied: 3 and 1. */
  successfulJobsHistoryLimit: number;
  failedJobsHistoryLimit: number;
  lastScheduleTime: Time | null;
  lastSuccessfulTime: Time | null;
  /** Names of the Jobs in status.active. */
  active: string[];
  job: JobTemplate;
  annotationLiterals: Literal[];
}

/** The fields of a Job's spec that decide how it ends and how long it stays. */
export interface JobTemplate {
  ttlSecondsAfterFinished: number | null;
  activeDeadlineSeconds: number | null;
  backoffLimit: number | null;
  suspend: boolean;
  parallelism: number | null;
  completions: number | null;
  managedBy: string | null;
  template: PodTemplate;
}

export interface Job {
  kind: "Job";
  meta: ObjectMeta;
  spec: JobTemplate;
  startTime: Time | null;
  completionTime: Time | null;
  active: number;
  succeeded: number;
  failed: number;
  conditions: Condition[];
  annotationLiterals: Literal[];
}

/** One containerStatuses[] entry. `state` is the current one; `last` says that the entry came from lastState. */
export interface ContainerStatus {
  name: string;
  kind: Container["kind"];
  state: "waiting" | "running" | "terminated" | "unknown";
  reason: string | null;
  exitCode: number | null;
  startedAt: Time | null;
  finishedAt: Time | null;
  imageID: string | null;
  restartCount: number;
}

export interface Pod {
  kind: "Pod";
  meta: ObjectMeta;
  template: PodTemplate;
  phase: string;
  reason: string | null;
  startTime: Time | null;
  conditions: Condition[];
  containers: ContainerStatus[];
  annotationLiterals: Literal[];
  messageLiterals: DatedLiteral[];
  /** Found in the containers' logs, where those were read. */
  logLiterals: DatedLiteral[];
}
