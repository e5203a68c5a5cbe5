import { limiter } from "../evidence/limit.ts";
import { survivable } from "../evidence/scope.ts";
import type { ApiFailure, Discovered, Explorer, Json, ServedResource } from "../model/api.ts";
import { PROTECT_ANNOTATION } from "../model/annotations.ts";
import type { BlindSpot, Snapshot } from "../model/snapshot.ts";
import { whatIsWhole } from "../scope/seen.ts";
import { ANY } from "./plan/index.ts";
import { WHAT_ELSE_GOES, type Owned, type OwnedEvidence } from "./plan/tree.ts";

const AT_ONCE = 8;
/** Beyond so many namespaces each kind is listed once for the whole cluster. */
const EACH_BY_ITSELF = 3;

/** Kinds that the garbage collector deletes nothing of (DefaultIgnoredResources); both groups serve the same objects. */
const IGNORED = new Set(["/events", "events.k8s.io/events"]);
/** Kinds that a snapshot keeps whole, with their owner references and the protect annotation. */
const KEPT = new Set(["/pods", "batch/jobs", "batch/cronjobs"]);

/**
 * Everything with owners in these namespaces, of every kind that the garbage collector deletes: those that can be listed,
 * watched and deleted (garbagecollector.GetDeletableResources). As metadata alone, never an object's content. A kind that
 * may not be listed is a blind spot. Throws ApiError where no request can succeed.
 */
export async function collectOwned(
  api: Explorer,
  namespaces: readonly string[],
  snapshot: Snapshot,
  progress: (text: string) => void = () => undefined,
): Promise<OwnedEvidence> {
  const evidence: OwnedEvidence = { owned: [], blindSpots: [] };
  if (namespaces.length === 0) return evidence;
  const { resources, unseen } = await api.discover();
  evidence.blindSpots.push(...unseen.map(unservedSpot));
  const limited = limiter(AT_ONCE);
  const whole = whatIsWhole(snapshot);
  const isKept = ({ group, resource }: ServedResource): boolean =>
    KEPT.has(`${group}/${resource}`) && namespaces.every((one) => whole(resource as "pods", one) === null);
  let listed = 0;
  const kinds = deletable(resources).filter((resource) => !isKept(resource));
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const one = await ownedOf(api, kind, namespaces, limited);
      progress(`what else would go: ${String(++listed)} of ${String(kinds.length)} kinds`);
      return one;
    }),
  );
  for (const { owned, blindSpots } of found) {
    for (const one of owned) evidence.owned.push(one);
    evidence.blindSpots.push(...blindSpots);
  }
  return evidence;
}

/** What a file says about kinds that it does not hold: nothing. */
export function nothingCollected(namespaces: readonly string[]): OwnedEvidence {
  if (namespaces.length === 0) return { owned: [], blindSpots: [] };
  const message = "a file does not hold what else Jobs and pods own";
  return { owned: [], blindSpots: [spot(ANY, ANY, null, { reason: "NotInEvidence", message })] };
}

function deletable(resources: Discovered["resources"]): ServedResource[] {
  return resources.filter(
    ({ group, resource, namespaced, verbs }) =>
      // Nothing without a namespace can have an owner that has one.
      namespaced &&
      ["delete", "list", "watch"].every((verb) => verbs.includes(verb)) &&
      !IGNORED.has(`${group}/${resource}`),
  );
}

type Limited = ReturnType<typeof limiter>;

/** One kind in all of the namespaces: by one list where there are many, else, or where that is refused, by one each. */
async function ownedOf(
  api: Explorer,
  kind: ServedResource,
  namespaces: readonly string[],
  limited: Limited,
): Promise<OwnedEvidence> {
  const evidence: OwnedEvidence = { owned: [], blindSpots: [] };
  if (namespaces.length > EACH_BY_ITSELF) {
    const { owned, failure } = await limited(() => list(api, kind, null, new Set(namespaces)));
    if (failure === null) return { owned, blindSpots: [] };
    if (failure.status !== 403) return { owned, blindSpots: gone(failure) ? [] : [spotOf(kind, null, failure)] };
  }
  const lists = await Promise.all(
    namespaces.map(async (namespace) => ({
      namespace,
      ...(await limited(() => list(api, kind, namespace, new Set([namespace])))),
    })),
  );
  for (const { namespace, owned, failure } of lists) {
    evidence.owned.push(...owned);
    if (failure !== null && !gone(failure)) evidence.blindSpots.push(spotOf(kind, namespace, failure));
  }
  return evidence;
}

/** A kind that was taken away since discovery has no objects left. */
function gone({ status }: ApiFailure): boolean {
  return status === 404;
}

async function list(
  api: Explorer,
  kind: ServedResource,
  namespace: string | null,
  wanted: ReadonlySet<string>,
): Promise<{ owned: Owned[]; failure: ApiFailure | null }> {
  let owned: Owned[] = [];
  try {
    for await (const page of api.list(kind.group, kind.version, kind.resource, { namespace, as: "metadata" })) {
      if (page.restarted) owned = [];
      for (const item of page.items) {
        const one = ownedFrom(item, kind);
        if (one !== null && wanted.has(one.object.namespace ?? "")) owned.push(one);
      }
    }
    return { owned, failure: null };
  } catch (error) {
    return { owned, failure: survivable(error) };
  }
}

interface Metadata {
  namespace?: unknown;
  name?: unknown;
  uid?: unknown;
  resourceVersion?: unknown;
  ownerReferences?: unknown;
  finalizers?: unknown;
  annotations?: unknown;
}

/** Null for what has no owner. */
function ownedFrom(item: Json, { group, version, resource, kind }: ServedResource): Owned | null {
  const { namespace, name, uid, ownerReferences, ...others } = (item["metadata"] ?? {}) as Metadata;
  const { resourceVersion, finalizers, annotations } = others;
  if (typeof uid !== "string" || typeof name !== "string" || !Array.isArray(ownerReferences)) return null;
  const owners = (ownerReferences as { uid?: unknown }[])
    .map((one) => one.uid)
    .filter((one) => typeof one === "string");
  if (owners.length === 0) return null;
  return {
    object: { kind, namespace: typeof namespace === "string" ? namespace : null, name, uid },
    resource: { group, version, resource },
    resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
    owners,
    finalizers: Array.isArray(finalizers) ? finalizers.filter((one) => typeof one === "string") : [],
    isProtected: Object.hasOwn((annotations ?? {}) as object, PROTECT_ANNOTATION),
  };
}

function spotOf({ group, resource }: ServedResource, namespace: string | null, failure: ApiFailure): BlindSpot {
  return spot(group, resource, namespace, failure);
}

/** Kinds of a group version that discovery has no answer for. */
function unservedSpot(groupVersion: string): BlindSpot {
  const message = `the API server has no answer about ${groupVersion}: what serves it may be down`;
  return spot(groupVersion, `kinds of ${groupVersion}`, null, { reason: "ServiceUnavailable", message });
}

function spot(
  group: string,
  resource: string,
  namespace: string | null,
  { reason, message }: Pick<ApiFailure, "reason" | "message">,
): BlindSpot {
  return { verb: "list", group, resource, namespace, except: [], reason, message, blinds: [WHAT_ELSE_GOES] };
}
