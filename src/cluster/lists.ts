import { PROTECT_ANNOTATION } from "../model/annotations.ts";
import type { Json, ListOptions, Page } from "../model/api.ts";
import { ApiError } from "./errors.ts";
import type { Limits } from "./options.ts";
import type { Transport } from "./transport.ts";

/** A request for metadata alone; with no second choice, so that no server answers with whole Secrets. */
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** The path of a resource: `/api/v1/…` for the core group, `/apis/GROUP/VERSION/…` for the others. */
export function resourcePath(group: string, version: string, resource: string, namespace: string | null): string {
  const root = group === "" ? ["api", version] : ["apis", group, version];
  const scope = namespace === null ? [] : ["namespaces", namespace];
  return `/${[...root, ...scope, resource].map(encodeURIComponent).join("/")}`;
}

/**
 * Pages of a list (limit, continue); the next page is on its way while the caller works on one. When the server has
 * forgotten where the list was (410 Expired) it begins again and says so on the first new page, a few times. Throws
 * ApiError for that, for a list that never ends, and for any request that fails.
 */
export async function* listPages(
  transport: Transport,
  path: string,
  options: Omit<ListOptions, "namespace">,
  chunkSize: number,
  limits: Limits,
): AsyncGenerator<Page, void, undefined> {
  const ask = (token: string): Promise<Json> => {
    const accept = options.as === "metadata" ? { accept: METADATA } : {};
    const over = options.signal === undefined ? {} : { signal: options.signal };
    const target = `${path}${query(options, chunkSize, token)}`;
    const asked = transport.send({ method: "GET", path: target, ...accept, ...over });
    // Nobody may be waiting yet when it fails, and nobody will be if the caller has seen enough.
    asked.catch(() => undefined);
    return asked;
  };
  let watch = new EndlessWatch(limits);
  let token = "";
  let restarts = 0;
  let restarted = false;
  for (let next: Promise<Json> | null = ask(token); next !== null;) {
    let body: Json;
    try {
      body = await next;
    } catch (error) {
      const expired = error instanceof ApiError && error.status === 410 && token !== "";
      if (!expired || restarts >= limits.restarts) throw error;
      restarts += 1;
      restarted = true;
      token = "";
      watch = new EndlessWatch(limits);
      next = ask(token);
      continue;
    }
    const metadata = (body["metadata"] ?? {}) as { continue?: unknown; resourceVersion?: unknown };
    const items = itemsOf(body, options.as === "metadata");
    token = options.first === undefined && typeof metadata.continue === "string" ? metadata.continue : "";
    watch.page(items, token);
    next = token === "" ? null : ask(token);
    const resourceVersion = typeof metadata.resourceVersion === "string" ? metadata.resourceVersion : "";
    yield { items, resourceVersion, restarted };
    restarted = false;
  }
}

function query(options: Omit<ListOptions, "namespace">, chunkSize: number, token: string): string {
  const parameters = new URLSearchParams();
  if (options.fieldSelector !== undefined) parameters.set("fieldSelector", options.fieldSelector);
  if (options.labelSelector !== undefined) parameters.set("labelSelector", options.labelSelector);
  const limit = options.first ?? chunkSize;
  if (limit > 0) parameters.set("limit", String(limit));
  if (token !== "") parameters.set("continue", token);
  // A continue token holds the resourceVersion; both together are refused (apimachinery ValidateListOptions).
  else if (options.at !== undefined) {
    parameters.set("resourceVersion", options.at);
    parameters.set("resourceVersionMatch", "Exact");
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

function itemsOf(body: Json, metadataOnly: boolean): Json[] {
  const kind = typeof body["kind"] === "string" ? body["kind"] : "";
  const items = body["items"] === null ? [] : body["items"];
  const objects =
    Array.isArray(items) && items.every((item) => typeof item === "object" && item !== null && !Array.isArray(item));
  if (!objects || !kind.endsWith("List")) throw unexpected("it is not a list");
  if (!metadataOnly) return items as Json[];
  if (kind !== "PartialObjectMetadataList") throw unexpected("it is more than the metadata asked for");
  return (items as Json[]).map(withoutFreeText);
}

/** Name and uid of the account that a token Secret speaks for, which Kubernetes itself reads; and what keeps cleanup away. */
const KEPT_ANNOTATIONS = [
  "kubernetes.io/service-account.name",
  "kubernetes.io/service-account.uid",
  PROTECT_ANNOTATION,
];

/**
 * Drops all other annotations: kubectl apply keeps a copy of the object in one, and with it the data of a Secret.
 * Of managedFields stays who wrote the data when: names of keys, and no value.
 */
function withoutFreeText(item: Json): Json {
  const metadata = { ...(item["metadata"] as Json | undefined) };
  const annotations = (metadata["annotations"] as Json | null | undefined) ?? {};
  const kept = KEPT_ANNOTATIONS.filter((key) => typeof annotations[key] === "string");
  delete metadata["annotations"];
  metadata["managedFields"] = writersOfData(metadata["managedFields"]);
  if (kept.length > 0) metadata["annotations"] = Object.fromEntries(kept.map((key) => [key, annotations[key]]));
  return { apiVersion: item["apiVersion"], kind: item["kind"], metadata };
}

function writersOfData(entries: unknown): Json[] {
  return (Array.isArray(entries) ? (entries as unknown[]) : []).flatMap((entry) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { manager, operation, subresource, time, fieldsV1 } = entry as Json;
    const data = (fieldsV1 as Json | null | undefined)?.["f:data"];
    return data === undefined ? [] : [{ manager, operation, subresource, time, fieldsV1: { "f:data": data } }];
  });
}

function unexpected(why: string): ApiError {
  return new ApiError({
    status: 200,
    reason: "InvalidAnswer",
    message: `Server returned an unexpected response: ${why}`,
    next: "Check that the address is that of a Kubernetes API server.",
  });
}

/** Notices a list that goes round in a circle, or on without end. */
class EndlessWatch {
  readonly #limits: Limits;
  readonly #seen = new Set<string>();
  #pages = 0;
  #empty = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  page(items: Json[], token: string): void {
    this.#pages += 1;
    this.#empty = items.length === 0 ? this.#empty + 1 : 0;
    const first = (items[0]?.["metadata"] as { uid?: unknown } | undefined)?.uid;
    const marks = [...(token === "" ? [] : [`token ${token}`]), ...(typeof first === "string" ? [`uid ${first}`] : [])];
    const repeated = marks.some((mark) => this.#seen.has(mark));
    if (repeated || (token !== "" && (this.#pages >= this.#limits.pages || this.#empty >= this.#limits.emptyPages))) {
      throw new ApiError({
        status: 200,
        reason: "EndlessList",
        message: `Server returned an unexpected response: the list does not end (stopped after ${this.#pages} pages)`,
        next: "Try again; if it goes on, ask for larger pages with --chunk-size, and look at what stands between here and the API server.",
      });
    }
    for (const mark of marks) this.#seen.add(mark);
  }
}
