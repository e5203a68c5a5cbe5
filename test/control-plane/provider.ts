import type { StaticUserId } from "./users.ts";

/** What a test cluster can do beyond answering the API; tests declare which they need. */
export type Capability = "edit-etcd" | "static-tokens" | "stop-controllers" | "audit-log" | "fake-node" | "real-node";

/** One answer of the API server, parsed where it is JSON. */
export interface Answer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- raw JSON of the API; each test knows its shape
  body: any;
  headers: Record<string, string>;
}

export interface RequestOptions {
  /** Acts with this bearer token instead of as cluster-admin. */
  token?: string;
  /** `application/json` when absent; a patch names its own. */
  contentType?: string;
  headers?: Record<string, string>;
}

/** Direct access to what the API server stores (JSON storage), for objects older than the plane. */
export interface EtcdAccess {
  /** Null when there is no such key. */
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  /**
   * Many puts, each with a revision of its own, as the API server writes. Those of one transaction share a resourceVersion: a
   * watch that is cut after some of them goes on behind all of them.
   */
  putMany(entries: Iterable<{ key: string; value: unknown }>): Promise<void>;
  delete(key: string): Promise<void>;
  deletePrefix(prefix: string): Promise<void>;
  /** Forgets all but the present, behind the API server's back: what it has in memory stays. */
  compact(): Promise<void>;
}

/** A cluster that tests run against, wherever it comes from. */
export interface ControlPlane {
  readonly provider: "built" | "existing" | "kind";
  readonly server: string;
  readonly caFile: string;
  /** `v1.36.4`. */
  readonly version: string;
  readonly capabilities: ReadonlySet<Capability>;
  readonly adminKubeconfig: string;
  /** The kubectl that fits the server. */
  readonly kubectl: string;
  /** Files that belong to this plane and go with it. */
  readonly directory: string;
  readonly etcd: EtcdAccess | null;
  readonly auditLog: string | null;
  /** Bearer tokens of the static users (users.ts); null where the cluster cannot have any. */
  readonly users: Readonly<Record<StaticUserId, string>> | null;
  /** The fake node for spec.nodeName; null where a scheduler places pods. */
  readonly node: string | null;
  request(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** Writes a kubeconfig that acts with this token, and returns its path. */
  kubeconfigFor(token: string, options?: { namespace?: string; name?: string }): Promise<string>;
  stopControllers(): Promise<void>;
  startControllers(): Promise<void>;
  /** Ends the plane and removes its files; in a process that only attached to it, closes this process's connections. */
  stop(): Promise<void>;
}
