import type {
  AccessReview,
  Discovered,
  Explorer,
  Json,
  ListOptions,
  Page,
  ResourceRequest,
  Text,
  WatchEvent,
  WatchOptions,
} from "../model/api.ts";
import type { Connections } from "./dispatcher.ts";
import { discover } from "./discovery.ts";
import { ApiError } from "./errors.ts";
import type { Target } from "./kubeconfig/types.ts";
import { listPages, resourcePath } from "./lists.ts";
import type { Limits } from "./options.ts";
import { rulesAreIncomplete, selfSubjectAccessReview, selfSubjectReview, subjectAccessReview } from "./reviews.ts";
import type { Transport } from "./transport.ts";
import { watchEvents } from "./watch.ts";

/** The open connection to one API server. */
export class Connection implements Explorer {
  readonly server: string;
  readonly context: string | null;
  readonly clusterName: string;
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #connections: Connections;
  readonly #chunkSize: number;
  readonly #limits: Limits;

  constructor(target: Target, transport: Transport, connections: Connections, chunkSize: number, limits: Limits) {
    this.server = target.cluster.server;
    this.context = target.context;
    this.clusterName = target.knownAs;
    this.namespace = target.namespace;
    this.#transport = transport;
    this.#connections = connections;
    this.#chunkSize = chunkSize;
    this.#limits = limits;
  }

  async version(): Promise<string | null> {
    try {
      const { gitVersion } = await this.get("/version");
      return typeof gitVersion === "string" ? gitVersion : null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.fatal) throw error;
      return null;
    }
  }

  whoami(): Promise<string | null> {
    return selfSubjectReview(this.#transport);
  }

  otherAuthorizers(): Promise<boolean | null> {
    return rulesAreIncomplete(this.#transport, this.namespace);
  }

  review(question: AccessReview): Promise<boolean | null> {
    return subjectAccessReview(this.#transport, question);
  }

  mayI(question: ResourceRequest): Promise<boolean | null> {
    return selfSubjectAccessReview(this.#transport, question);
  }

  skewMs(): number | null {
    return this.#transport.skewMs;
  }

  get(path: string): Promise<Json> {
    return this.#transport.send({ method: "GET", path });
  }

  text(path: string, maxBytes: number): Promise<Text> {
    return this.#transport.text(path, maxBytes);
  }

  list(group: string, version: string, resource: string, options: ListOptions): AsyncIterable<Page> {
    const path = resourcePath(group, version, resource, options.namespace);
    return listPages(this.#transport, path, options, this.#chunkSize, this.#limits);
  }

  watch(group: string, version: string, resource: string, options: WatchOptions): AsyncIterable<WatchEvent> {
    const path = resourcePath(group, version, resource, options.namespace);
    return watchEvents(this.#transport, path, options, this.#limits);
  }

  discover(): Promise<Discovered> {
    return discover(this.#transport);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
}
