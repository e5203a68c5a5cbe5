/** Raw JSON of the API, before evidence/ projects it. */
export type Json = Record<string, unknown>;

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
  /** `metadata` asks for PartialObjectMetadata. */
  as?: "metadata";
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
  /** Pages of GET …?limit&continue. Throws ApiError (cluster/errors.ts). */
  list(group: string, version: string, resource: string, options: ListOptions): AsyncIterable<Page>;
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
