import type { Role, RoleBinding, ServiceAccount } from "./access.ts";
import type { ObjectMeta, Time } from "./object.ts";
import type { CronJob, Job, Pod } from "./workload.ts";

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
  secrets: SecretMeta[];
}
