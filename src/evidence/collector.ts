import type { Api, ApiFailure } from "../model/api.ts";
import type { BlindSpot, Resource, Snapshot } from "../model/snapshot.ts";
import type { ProjectionContext } from "./context.ts";
import { emptyLists } from "./decode.ts";
import { KINDS, RESOURCES } from "./kinds/index.ts";
import { limiter } from "./limit.ts";
import { listResource } from "./lists.ts";
import type { Listed } from "./lists.ts";
import { byName, compare } from "./order.ts";
import { blindSpot } from "./scope.ts";
import type { CollectRequest } from "./scope.ts";

const MOST_AT_ONCE = 4;
const WORKLOADS: Resource[] = ["cronjobs", "jobs", "pods"];
const FORBIDDEN = 403;

/** A list that came whole; `namespace` null is the whole cluster. */
export interface WholeList {
  namespace: string | null;
  resourceVersion: string;
}

/** Takes resource by resource, as widely as the caller's rights allow, and remembers how far that was. */
export class Collector {
  readonly #api: Api;
  readonly #request: CollectRequest;
  readonly #context: ProjectionContext;
  readonly #limited = limiter(MOST_AT_ONCE);
  readonly #lists = emptyLists();
  readonly #blindSpots: BlindSpot[] = [];
  readonly #clusterWide = new Set<Resource>();
  readonly #covered = new Map<Resource, string[]>();
  readonly #whole = new Map<Resource, WholeList[]>();
  #namespaces: Promise<Listed<"namespaces">> | null = null;

  constructor(api: Api, request: CollectRequest, context: ProjectionContext) {
    this.#api = api;
    this.#request = request;
    this.#context = context;
  }

  async take(resource: Resource): Promise<void> {
    const { namespaced } = KINDS[resource];
    const everywhere = this.#request.allNamespaces || this.goesBeyondScope(resource);
    const only = everywhere || !namespaced ? null : this.#request.namespace;
    if (only !== null) {
      const { items, failure } = await this.#list(resource, only);
      this.#add(resource, items);
      if (failure === null) this.#cover(resource, only);
      else this.#blindSpots.push(this.#blindSpot(resource, only, failure));
      return;
    }
    const wide = resource === "namespaces" ? await this.#allNamespaces() : await this.#list(resource, null);
    if (namespaced && wide.failure?.status === FORBIDDEN && wide.items.length === 0) {
      await this.#takeByNamespace(resource, this.#blindSpot(resource, null, wide.failure));
      return;
    }
    this.#add(resource, wide.items);
    this.#clusterWide.add(resource);
    if (wide.failure !== null) this.#blindSpots.push(this.#blindSpot(resource, null, wide.failure));
  }

  /** Each namespace that the caller may see by itself; without the right to see them, the context's own. */
  async #takeByNamespace(resource: Resource, everywhere: BlindSpot): Promise<void> {
    const known = await this.#allNamespaces();
    const names = known.failure === null ? known.items.map(({ meta }) => meta.name) : [this.#api.namespace];
    const results = await Promise.all(
      names.map(async (namespace) => ({ namespace, ...(await this.#list(resource, namespace)) })),
    );
    for (const { namespace, items, failure } of results) {
      this.#add(resource, items);
      if (failure === null) this.#cover(resource, namespace);
    }
    const failed = results.flatMap(({ namespace, failure }) =>
      failure === null ? [] : this.#blindSpot(resource, namespace, failure),
    );
    const allForbidden = results.every(({ failure, items }) => failure?.status === FORBIDDEN && items.length === 0);
    if (allForbidden || known.failure !== null) {
      const came = results.filter(({ failure }) => failure === null).map(({ namespace }) => namespace);
      this.#blindSpots.push({ ...everywhere, except: came });
    }
    if (!allForbidden) this.#blindSpots.push(...failed);
  }

  #blindSpot(resource: Resource, namespace: string | null, failure: ApiFailure): BlindSpot {
    return blindSpot(resource, namespace, failure, this.#request.compareSecrets);
  }

  /** True for a kind that is taken from all namespaces although the question is about one. */
  goesBeyondScope(resource: Resource): boolean {
    const { namespace, allNamespaces, beyondScope } = this.#request;
    return namespace !== null && !allNamespaces && (beyondScope ?? []).includes(resource);
  }

  async #list<R extends Resource>(resource: R, namespace: string | null): Promise<Listed<R>> {
    const { progress } = this.#request;
    const listed = await this.#limited(() => listResource(this.#api, resource, namespace, this.#context, progress));
    const { failure, resourceVersion } = listed;
    if (failure === null)
      this.#whole.set(resource, [...(this.#whole.get(resource) ?? []), { namespace, resourceVersion }]);
    return listed;
  }

  /** The lists of a resource that came whole. */
  whole(resource: Resource): WholeList[] {
    return this.#whole.get(resource) ?? [];
  }

  #allNamespaces(): Promise<Listed<"namespaces">> {
    this.#namespaces ??= this.#list("namespaces", null);
    return this.#namespaces;
  }

  #add<R extends Resource>(resource: R, items: Snapshot[R][number][]): void {
    const list = this.#lists[resource] as Snapshot[R][number][];
    for (const item of items) list.push(item);
  }

  #cover(resource: Resource, namespace: string): void {
    this.#covered.set(resource, [...(this.#covered.get(resource) ?? []), namespace]);
  }

  lists(): Pick<Snapshot, Resource> {
    for (const resource of RESOURCES) this.#lists[resource].sort(byName);
    return this.#lists;
  }

  blindSpots(): BlindSpot[] {
    const order = (spot: BlindSpot): string =>
      `${String(RESOURCES.indexOf(spot.resource as Resource))} ${spot.namespace ?? ""}`;
    return this.#blindSpots.sort((a, b) => compare(order(a), order(b)));
  }

  /**
   * The namespaces that the snapshot speaks about: null is the whole cluster, which it is when one kind of workload (without any
   * in the request: one namespaced kind) may be listed in all of it. The blind spots say what is missing of that.
   */
  scope(resources: Resource[]): string[] | null {
    const { namespace, allNamespaces } = this.#request;
    if (namespace !== null && !allNamespaces) return [namespace];
    const namespaced = resources.filter((resource) => KINDS[resource].namespaced);
    const workloads = namespaced.filter((resource) => WORKLOADS.includes(resource));
    const deciding = workloads.length > 0 ? workloads : namespaced;
    if (deciding.length === 0 || deciding.some((resource) => this.#clusterWide.has(resource))) return null;
    const covered = new Set(deciding.flatMap((resource) => this.#covered.get(resource) ?? []));
    return covered.size === 0 ? [this.#api.namespace] : [...covered].sort(compare);
  }
}
