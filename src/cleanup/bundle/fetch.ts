import { objectAt, stringAt } from "../../evidence/json.ts";
import type { Api, ApiFailure, Json } from "../../model/api.ts";
import type { ResourceName } from "../../model/cleanup.ts";
import type { ObjectRef } from "../../model/object.ts";

/** An object that is asked for, and the resource under which requests name it; a CleanupItem and a Dependent are such. */
export interface Wanted {
  object: ObjectRef;
  resource: ResourceName;
}

/** One object whatever it is asked for by: its uid where that is known. */
export function keyOf({ object, resource }: Wanted): string {
  return object.uid ?? JSON.stringify([resource.group, resource.resource, object.namespace, object.name]);
}

/** What came back: the raw object, or why it is not there. */
export type Fetched = { raw: Json; metadataOnly: boolean } | { because: string };

/** Requests that are under way at once. */
export const MOST_AT_ONCE = 5;

/** The path of one object: `/api/v1/…` for the core group, `/apis/GROUP/VERSION/…` for the others. */
export function pathOfObject({ object, resource }: Wanted): string {
  const root = resource.group === "" ? ["api", resource.version] : ["apis", resource.group, resource.version];
  const scope = object.namespace === null ? [] : ["namespaces", object.namespace];
  return `/${[...root, ...scope, resource.resource, object.name].map(encodeURIComponent).join("/")}`;
}

/**
 * One object as the server has it now. Without `values` a Secret is asked for as metadata, so that its data never come here.
 * Throws only what ends every request.
 */
export async function fetchObject(api: Api, wanted: Wanted, values: boolean): Promise<Fetched> {
  const metadataOnly = wanted.resource.group === "" && wanted.resource.resource === "secrets" && !values;
  try {
    const raw = metadataOnly ? await secretMetadata(api, wanted) : await api.get(pathOfObject(wanted));
    if (raw === null) return { because: "it is gone" };
    const uid = stringAt(objectAt(raw, "metadata"), "uid");
    const { object } = wanted;
    if (object.uid !== null && uid !== object.uid) return { because: "another object has its name now" };
    return { raw: typed(raw, wanted), metadataOnly };
  } catch (error) {
    const { status, reason } = survivable(error);
    return { because: status === 404 ? "it is gone" : `it could not be read: ${reason}` };
  }
}

/** With its kind and version, which an item of a list does not say. */
export function typed(raw: Json, { object, resource: { group, version } }: Wanted): Json {
  const type = { kind: object.kind, apiVersion: group === "" ? version : `${group}/${version}` };
  return { ...type, ...raw, ...type };
}

async function secretMetadata(api: Api, { object }: Wanted): Promise<Json | null> {
  const { namespace, name } = object;
  const options = { namespace, as: "metadata", fieldSelector: `metadata.name=${name}`, first: 1 } as const;
  for await (const { items } of api.list("", "v1", "secrets", options)) return items[0] ?? null;
  return null;
}

/** A failed request after which others may succeed; throws every other error. */
export function survivable(error: unknown): ApiFailure {
  if (!(error instanceof Error) || error.name !== "ApiError") throw error;
  const failure = error as Error & Partial<ApiFailure>;
  if (failure.fatal !== false) throw error;
  return failure as ApiFailure;
}

/** Results in the order of the items, with a few tasks ahead of the one that is waited for. */
export async function* ahead<T, R>(
  items: Iterable<T>,
  task: (item: T) => Promise<R>,
  most = MOST_AT_ONCE,
): AsyncGenerator<[T, R], void, undefined> {
  const underWay: [T, Promise<R>][] = [];
  try {
    for (const item of items) {
      const started = task(item);
      // It may fail before its turn comes.
      started.catch(() => undefined);
      underWay.push([item, started]);
      if (underWay.length < most) continue;
      const [first, result] = underWay.shift()!;
      yield [first, await result];
    }
    for (const [item, result] of underWay.splice(0)) yield [item, await result];
  } finally {
    await Promise.allSettled(underWay.map(([, result]) => result));
  }
}
