import type { BlindSpot, Resource } from "../model/snapshot.ts";
import type { Unread } from "./context.ts";
import type { Dump } from "./dump-objects.ts";
import { KINDS, RESOURCES } from "./kinds/index.ts";

/**
 * What a dump hides: kinds that it lacks (reason NotInEvidence; Secrets are not asked of a dump, as they are not of a cluster), and
 * by kind and namespace the objects that could not be read whole (reason Unreadable).
 */
export function dumpBlindSpots(dump: Dump, unread: ReadonlyMap<string, Unread>, name: string): BlindSpot[] {
  return RESOURCES.flatMap((resource) => {
    const nameless = dump.nameless.get(resource) ?? 0;
    const isLacking = resource !== "secrets" && nameless === 0 && !dump.kinds.has(resource);
    return [
      ...(isLacking ? [spot(resource, null, "NotInEvidence", `${name} holds no ${resource}`)] : []),
      ...(nameless > 0 ? [unreadable(resource, null, nameless, "without a name", name)] : []),
      ...unreadSpots(resource, unread, name),
    ];
  });
}

/** A blind spot for each namespace in which objects of the kind could not be read whole; `name` says where they came from. */
export function unreadSpots(resource: Resource, unread: ReadonlyMap<string, Unread>, name: string): BlindSpot[] {
  return [...unread.values()]
    .filter(({ kind }) => kind === KINDS[resource].kind)
    .map(({ namespace, count, why }) => unreadable(resource, namespace, count, why, name));
}

function unreadable(resource: Resource, namespace: string | null, count: number, why: string, name: string): BlindSpot {
  return spot(
    resource,
    namespace,
    "Unreadable",
    `${name}: ${resource} that could not be read: ${String(count)} (${why})`,
  );
}

function spot(resource: Resource, namespace: string | null, reason: string, message: string): BlindSpot {
  const { group, blinds } = KINDS[resource];
  const verb = reason === "Unreadable" ? "read" : "list";
  return { verb, group, resource, namespace, except: [], reason, message, blinds };
}
