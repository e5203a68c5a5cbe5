/** Raw JSON of the API, before evidence/ projects it. */
export type Json = Record<string, unknown>;

/** Text as far as it was to be read; `cut` where there was more. */
export interface Text {
  text: string;
  cut: boolean;
}

/** One page of a list. `restarted` is true for the first page after a 410: what came before it must be dropped. */
export interface Page {
  items: Json[];
  resourceVersion: string;
  restarted: boolean;
}

export interface ListOptions {
  /** Null: all namespaces, or a cluster-scoped resource. */
  namespace: string | null;
  fieldSelector?: string;
  labelSelector?: string;
  /** `metadata` asks for PartialObjectMetadata. */
  as?: "metadata";
  /** The list as it was at this resourceVersion, which the server may have forgotten (410). */
  at?: string;
  /** The first so many objects alone. */
  first?: number;
  /** Ends this list alone, with an ApiError that is not fatal. */
  signal?: AbortSignal;
}

export interface WatchOptions {
  /** Null: all namespaces. */
  namespace: string | null;
  /** The resourceVersion after which events are wanted. */
  from: string;
  /** The watch is over when events have come to this resourceVersion and then none for a moment. */
  until: number;
  /** The longest that the watch may last. */
  seconds: number;
  signal?: AbortSignal;
}

/** What happened to one object: `ADDED`, `MODIFIED`, `DELETED` or `BOOKMARK`, and the object after it; of a deleted one, its last state. */
export interface WatchEvent {
  type: string;
  object: Json;
}

/** A request for an API resource. `namespace` "" is cluster-wide, `name` "" is a request that carries none, `subresource` "" is the object itself. */
export interface ResourceRequest {
  verb: string;
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

/** Somebody's request, as a SubjectAccessReview puts it to the API server's authorizers. */
export interface AccessReview extends ResourceRequest {
  user: string;
  groups: readonly string[];
}

/** The connection that collect is handed; cluster/ makes it. */
export interface Api {
  readonly server: string;
  readonly context: string | null;
  /** The context's namespace, `default` where it names none. */
  readonly namespace: string;
  /** `v1.36.4`. */
  version(): Promise<string | null>;
  /** SelfSubjectReview's user name, or null where the server does not say. */
  whoami(): Promise<string | null>;
  /** Whether the server asks authorizers that RBAC's objects do not show; null where it does not say. */
  otherAuthorizers(): Promise<boolean | null>;
  /** SubjectAccessReview's answer; null where the server gave none. Throws ApiError where it may not be asked. */
  review(question: AccessReview): Promise<boolean | null>;
  /** Server's clock minus ours, in milliseconds, from a Date header; null before the first answer. */
  skewMs(): number | null;
  get(path: string): Promise<Json>;
  /** Text such as a log, at most so many bytes of it. Throws ApiError. */
  text(path: string, maxBytes: number): Promise<Text>;
  /** Pages of GET …?limit&continue. Throws ApiError (cluster/errors.ts). */
  list(group: string, version: string, resource: string, options: ListOptions): AsyncIterable<Page>;
  /** What happened since a resourceVersion, as far as the server remembers (410 otherwise). Throws ApiError. */
  watch(group: string, version: string, resource: string, options: WatchOptions): AsyncIterable<WatchEvent>;
  close(): Promise<void>;
}

/** How a deletion is asked for: what it demands of the object, and what becomes of its dependents. */
export interface Deletion {
  uid: string;
  /** Absent: whatever the object has become since, it goes. */
  resourceVersion?: string;
  cascade: "background" | "foreground";
}

/** A kind that the server serves, at the version that it prefers. */
export interface ServedResource {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** What discovery tells: every kind, sorted by group and name; by group version what no answer came for (an aggregated API that is down). */
export interface Discovered {
  resources: ServedResource[];
  unseen: string[];
}

/** The connection of verbs that ask for kinds beyond the evidence. */
export interface Explorer extends Api {
  /** The cluster's name in the kubeconfig; empty where nothing names one, or the name may mean another server (--server, --cluster). */
  readonly clusterName: string;
  /** SelfSubjectAccessReview's answer about a request of our own; null where the server gave none. Throws ApiError. */
  mayI(question: ResourceRequest): Promise<boolean | null>;
  /** Throws ApiError where no request can succeed. */
  discover(): Promise<Discovered>;
}

/** The connection of verbs that change the cluster; no other verb gets one. `path` is that of one object. */
export interface Writer extends Explorer {
  /** The object after the request was accepted, or a Status. Throws ApiError: 409 where a precondition fails, 404 where it is gone. */
  remove(path: string, deletion: Deletion, dryRun: boolean): Promise<Json>;
  /**
   * A merge patch (RFC 7386); with metadata.resourceVersion in it, 409 where the object has changed. `fieldManager`: the name in
   * metadata.managedFields, otherwise the program's.
   */
  patch(path: string, patch: Json, dryRun: boolean, fieldManager?: string): Promise<Json>;
  create(path: string, object: Json, dryRun: boolean): Promise<Json>;
}

/** One request of somebody who acts in the lab. A patch is a merge patch (RFC 7386). */
export interface ActorRequest {
  method: "GET" | "POST" | "PUT" | "PATCH";
  path: string;
  body?: Json;
  /** The Audit-ID that it is sent with, which the server's audit log then has (apiserver filters/audit_init.go). */
  auditId: string;
}

/**
 * What the server answered. The reason is one that a Status gave, so that it is Kubernetes' own: null of a gateway's answer, of
 * none, and where the request was accepted. The message may be in our words.
 */
export interface ActorAnswer {
  /** Null: no answer came. */
  status: number | null;
  reason: string | null;
  message: string | null;
  body: Json;
}

/** The connection of somebody who acts in the lab. A refusal is an answer; nothing throws but an interruption of the program. */
export interface ActorApi {
  send(request: ActorRequest): Promise<ActorAnswer>;
  close(): Promise<void>;
}

/** What a failed request says; `reason` is the Status reason. Collect turns it into a blind spot or lets it end the run. */
export interface ApiFailure {
  readonly name: "ApiError";
  readonly status: number | null;
  readonly reason: string;
  readonly message: string;
  /** True when no other request can succeed either: no connection, unauthorized, certificate. */
  readonly fatal: boolean;
}
