import type { Role, RoleBinding, ServiceAccount } from "./access.ts";
import type { ObjectMeta, Time } from "./object.ts";
import type { CronJob, Job, Literal, Pod } from "./workload.ts";

/** The kinds that evidence is made of, by the plural that the API uses. */
export type Resource =
  | "namespaces"
  | "cronjobs"
  | "jobs"
  | "pods"
  | "serviceaccounts"
  | "roles"
  | "rolebindings"
  | "clusterroles"
  | "clusterrolebindings"
  | "configmaps"
  | "nodes"
  | "secrets";

/** One thing the caller could not see, and what it blinds. */
export interface BlindSpot {
  verb: string;
  group: string;
  resource: string;
  /** Null for the whole cluster, apart from the namespaces in `except`. */
  namespace: string | null;
  /** Namespaces in which the list did come although that of the whole cluster did not. */
  except: string[];
  /** A Kubernetes Status reason (`Forbidden`, `Expired`, `Timeout` …) or `NotInEvidence` for a file that lacks the kind. */
  reason: string;
  message: string;
  /** Conclusions that become a lower bound, in words. */
  blinds: string[];
}

export interface Cluster {
  server: string;
  version: string | null;
  /** uid of the kube-system namespace. */
  uid: string | null;
}

/** What a report says about where it comes from. `namespaces` null is the whole cluster. */
export interface Metadata {
  takenAt: Time;
  cluster: Cluster;
  user: string | null;
  scope: { namespaces: string[] | null };
  tool: { version: string };
}

export interface Namespace {
  kind: "Namespace";
  meta: ObjectMeta;
}

/** A Secret's metadata, never its data or annotations. `type` is null where the list did not say. */
export interface SecretMeta {
  kind: "Secret";
  meta: ObjectMeta;
  type: string | null;
}

/** A ConfigMap with the credentials that stand in it; ConfigMaps without any are not kept. */
export interface ConfigMap {
  kind: "ConfigMap";
  meta: ObjectMeta;
  literals: Literal[];
}

/** What says whether a node is there and stays. */
export interface Node {
  kind: "Node";
  meta: ObjectMeta;
  unschedulable: boolean;
  /** spec.taints, such as that of an autoscaler which is about to remove it. */
  taints: { key: string; effect: string | null }[];
  /** Status of the condition Ready; null where it has none. */
  ready: string | null;
}

/**
 * What list or watch at an old resourceVersion gave back: objects as they were then, that are deleted by now, and CronJobs
 * whose template or annotations held other credentials then. etcd forgets it within five to ten minutes.
 */
export interface Earlier {
  /** The oldest resourceVersion that still answered. */
  resourceVersion: string;
  /** The server's clock at about that resourceVersion, as its leases show it; null where nothing dates it. */
  at: Time | null;
  cronjobs: CronJob[];
  jobs: Job[];
  pods: Pod[];
}

/** How far container logs were read (--scan-logs). */
export interface LogScan {
  /** Logs that were read. */
  containers: number;
  /** Logs of batch pods that were not read, or not whole, by reason in words; one of the run before a restart counts apart. */
  unread: { reason: string; containers: number }[];
  /** The most that was read of one log from its beginning; of longer ones also the last 1000 lines, as far as they are no longer. */
  bytesEach: number;
}

/** How far Secrets' values were compared with what stands elsewhere (--compare-secrets). */
export interface SecretComparison {
  /** Secrets that were read. */
  secrets: number;
  /** Values that were compared. */
  values: number;
  /** Values that were not, by reason in words. */
  left: { reason: string; values: number }[];
}

/** Everything a report is judged from. Lists are sorted by namespace, then name, then uid. */
export interface Snapshot {
  metadata: Metadata;
  /**
   * `cluster`: the lists are those that an API server gave, so what is in none of them did not exist. `dump`: somebody
   * chose the objects and may have left some out, so an absent one proves nothing.
   */
  source: "cluster" | "dump";
  /** Kinds that were asked for; a kind that is absent here was not looked at, and its empty list says nothing. */
  collected: Resource[];
  /** Kinds that were taken from all namespaces although the scope is narrower: an account's grants may lie outside its own. */
  beyondScope: Resource[];
  /**
   * Whether the server asks authorizers besides Node and RBAC, such as a webhook, so that these are not all grants
   * (SelfSubjectRulesReview calls itself incomplete); null where nobody asked or the server did not say.
   */
  otherAuthorizers: boolean | null;
  blindSpots: BlindSpot[];
  /** Things worth knowing that blind nothing: a list that was restarted, a clock that differs. */
  notes: string[];
  namespaces: Namespace[];
  cronjobs: CronJob[];
  jobs: Job[];
  pods: Pod[];
  serviceaccounts: ServiceAccount[];
  roles: Role[];
  rolebindings: RoleBinding[];
  clusterroles: Role[];
  clusterrolebindings: RoleBinding[];
  configmaps: ConfigMap[];
  nodes: Node[];
  secrets: SecretMeta[];
  /** Null where nobody asked, or the server gave nothing back; recoveryNotes say which. */
  earlier: Earlier | null;
  /** How far back the recovery got, for the reports that tell of what is deleted; empty where nobody asked. */
  recoveryNotes: string[];
  /** Null where no log was asked for. */
  logs: LogScan | null;
  /** Absent where nobody asked. */
  compared?: SecretComparison;
}
