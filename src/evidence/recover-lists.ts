import type { Api, Json, ListOptions } from "../model/api.ts";
import type { WholeList } from "./collector.ts";
import { stringAt, valueAt } from "./json.ts";
import { KINDS } from "./kinds/index.ts";
import type { Present, Workload } from "./recover-present.ts";
import { isApiFailure } from "./scope.ts";

/** An object that is gone, and a resourceVersion at which it was there. */
export interface Gone {
  resource: Workload;
  list: WholeList;
  namespace: string;
  name: string;
  uid: string;
  version: number;
}

const EXPIRED = 410;
/** What the API server takes as the name of a pod, Job, CronJob or namespace; others would be parts of a selector. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** The lists of the past, as one API server still gives them. */
export class PastLists {
  readonly #api: Api;
  readonly #signal: AbortSignal;

  constructor(api: Api, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** Whether a list at this version is still given. A server that ignores the version is one that forgot it. */
  async answers(resource: Workload, { namespace }: WholeList, version: number): Promise<boolean> {
    try {
      const at = String(version);
      const options: ListOptions = { namespace, at, first: 1, as: "metadata" };
      for await (const page of this.#list(resource, options)) return page.resourceVersion === at;
      return false;
    } catch (error) {
      if (isApiFailure(error) && error.status === EXPIRED) return false;
      throw error;
    }
  }

  /** The names of what was there and is gone; the list goes by, page by page. Throws ApiError, 410 in the middle too. */
  async gone({ resource, uids }: Present, list: WholeList, version: number): Promise<Gone[]> {
    const found: Gone[] = [];
    for await (const item of this.#items(resource, { namespace: list.namespace, as: "metadata" }, version)) {
      const metadata = valueAt(item, "metadata");
      const uid = stringAt(metadata, "uid");
      const name = stringAt(metadata, "name") ?? "";
      const namespace = stringAt(metadata, "namespace") ?? "";
      if (uid === null || uids.has(uid) || !NAME.test(name) || !NAME.test(namespace)) continue;
      if (list.namespace !== null && namespace !== list.namespace) continue;
      found.push({ resource, list, namespace, name, uid, version });
    }
    return found;
  }

  /** Whole objects as they were; throws ApiError. */
  whole(resource: Workload, { namespace }: WholeList, version: number): AsyncGenerator<Json> {
    return this.#items(resource, { namespace }, version);
  }

  /**
   * One object as it was, or null where the server has forgotten it: a list by name is read from etcd itself, even
   * where the watch cache still gives the list of all (apiserver cacher.go ShouldDelegateExactRV).
   */
  async one({ resource, namespace, name, uid, version }: Gone): Promise<Json | null> {
    const options: ListOptions = { namespace, fieldSelector: `metadata.name=${name}` };
    try {
      for await (const item of this.#items(resource, options, version)) {
        if (valueAt(valueAt(item, "metadata"), "uid") === uid) return item;
      }
      return null;
    } catch (error) {
      if (isApiFailure(error) && error.status === EXPIRED) return null;
      throw error;
    }
  }

  async *#items(resource: Workload, options: ListOptions, version: number): AsyncGenerator<Json> {
    const at = String(version);
    for await (const page of this.#list(resource, { ...options, at })) {
      // Some other time's list would make up deletions that never were.
      if (page.resourceVersion !== at) return;
      yield* page.items;
    }
  }

  #list(resource: Workload, options: ListOptions) {
    const { group, version } = KINDS[resource];
    return this.#api.list(group, version, resource, { ...options, signal: this.#signal });
  }
}
