import type { Api, ApiFailure, ListOptions } from "../model/api.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import type { KindProjection, ProjectionContext } from "./context.ts";
import { KINDS } from "./kinds/index.ts";
import { survivable } from "./scope.ts";

/** What one list gave. With a failure, `items` is what came before it: true, but not all. */
export interface Listed<R extends Resource> {
  items: Snapshot[R][number][];
  failure: ApiFailure | null;
  /** Of the whole list; empty where none came. */
  resourceVersion: string;
}

const TOKEN_SECRETS = "type=kubernetes.io/service-account-token";
/** Helm keeps its releases in Secrets, each up to 1 MiB of templates and no credential of its own. */
const NO_RELEASES = "type!=helm.sh/release.v1";

/**
 * Lists one resource and projects it page by page; raw objects are let go with their page. Never throws for a failure
 * that concerns this list alone.
 */
export async function listResource<R extends Resource>(
  api: Api,
  resource: R,
  namespace: string | null,
  context: ProjectionContext,
  progress: (text: string) => void,
): Promise<Listed<R>> {
  if (resource === "secrets") {
    const list = context.secrets === null ? listSecrets : compareSecrets;
    return (await list(api, namespace, context, progress)) as Listed<R>;
  }
  return pages<R>(api, resource, { namespace }, context, progress);
}

async function pages<R extends Resource>(
  api: Api,
  resource: R,
  options: ListOptions,
  context: ProjectionContext,
  progress: (text: string) => void,
): Promise<Listed<R>> {
  const { group, version, project, keeps }: KindProjection<Snapshot[R][number]> = KINDS[resource];
  const values = resource === "secrets" && options.as === undefined ? context.secrets : null;
  let items: Snapshot[R][number][] = [];
  let seen = 0;
  let resourceVersion = "";
  try {
    for await (const page of api.list(group, version, resource, options)) {
      if (page.restarted) {
        items = [];
        seen = 0;
        values?.forget(options.namespace);
        const where = options.namespace === null ? "" : ` in namespace "${options.namespace}"`;
        context.note(`the list of ${resource}${where} was begun again, because the server had forgotten where it was`);
      }
      for (const raw of page.items) {
        values?.learn(raw);
        const object = project(raw, context);
        if (keeps?.(object) ?? true) items.push(object);
      }
      seen += page.items.length;
      resourceVersion = page.resourceVersion;
      progress(`${resource}: ${String(seen)}`);
    }
    return { items, failure: null, resourceVersion };
  } catch (error) {
    return { items, failure: survivable(error), resourceVersion };
  }
}

/** Secrets as metadata, which has no type; those that hold a token are told by a second list that selects the type. */
async function listSecrets(
  api: Api,
  namespace: string | null,
  context: ProjectionContext,
  progress: (text: string) => void,
): Promise<Listed<"secrets">> {
  const all = await pages(api, "secrets", { namespace, as: "metadata" }, context, progress);
  if (all.failure !== null) return all;
  const selected = { namespace, as: "metadata", fieldSelector: TOKEN_SECRETS } as const;
  const tokens = await pages(api, "secrets", selected, context, () => undefined);
  const uids = new Set(tokens.items.map(({ meta }) => meta.uid));
  const items = all.items.map((secret) =>
    uids.has(secret.meta.uid) ? { ...secret, type: "kubernetes.io/service-account-token" } : secret,
  );
  return { items, failure: tokens.failure, resourceVersion: all.resourceVersion };
}

/** Secrets with their values, which are compared and let go page by page, and as metadata those that are not worth it. */
async function compareSecrets(
  api: Api,
  namespace: string | null,
  context: ProjectionContext,
  progress: (text: string) => void,
): Promise<Listed<"secrets">> {
  const read = await pages(api, "secrets", { namespace, fieldSelector: NO_RELEASES }, context, progress);
  if (read.failure !== null) return read;
  const all = await pages(api, "secrets", { namespace, as: "metadata" }, context, () => undefined);
  const uids = new Set(read.items.map(({ meta }) => meta.uid));
  const others = all.items.filter(({ meta }) => !uids.has(meta.uid));
  context.secrets?.leaveOut(namespace ?? "", others.length);
  return { items: [...read.items, ...others], failure: all.failure, resourceVersion: read.resourceVersion };
}
