import type { Api } from "../model/api.ts";
import type { Resource, Snapshot } from "../model/snapshot.ts";
import { unreadSpots } from "./blind-spots.ts";
import { Collector } from "./collector.ts";
import { createContext } from "./context.ts";
import { RESOURCES } from "./kinds/index.ts";
import { scanLogs } from "./log-scan.ts";
import { comparisonNotes } from "./secret-notes.ts";
import { compare } from "./order.ts";
import { ruled } from "./own-rules.ts";
import { recover } from "./recover.ts";
import { clusterUid, optional } from "./scope.ts";
import type { CollectRequest } from "./scope.ts";

export type { CollectRequest } from "./scope.ts";

/** Lists that are taken one after the other, what is owned before its owners: in between, an owner may appear, and must be seen. */
const OWNED_FIRST: Resource[] = ["pods", "jobs", "cronjobs"];
const MOST_SKEW_MS = 5000;

/**
 * Takes a snapshot of the requested resources. What one request is denied becomes a blind spot; what ends every request
 * (no connection, not authenticated) is thrown as it came.
 */
export async function collect(api: Api, request: CollectRequest): Promise<Snapshot> {
  const resources = RESOURCES.filter((resource) => request.resources.includes(resource));
  const { context, notes, unread } = await createContext(request.fingerprintKey, request.compareSecrets, request.rules);
  const [version, user, uid, otherAuthorizers] = await Promise.all([
    optional(api.version()),
    optional(api.whoami()),
    clusterUid(api),
    resources.includes("clusterrolebindings") ? optional(api.otherAuthorizers()) : null,
  ]);
  const collector = new Collector(api, request, context);
  const chained = OWNED_FIRST.filter((resource) => resources.includes(resource));
  const values = resources.includes("configmaps") ? (["configmaps"] as const) : [];
  // What may repeat a Secret's value is read after it.
  const compared = context.secrets !== null && resources.includes("secrets") ? (["secrets"] as const) : [];
  const apart: Resource[] = [...compared, ...chained, ...values];
  await Promise.all([
    (async () => {
      for (const resource of compared) await collector.take(resource);
      for (const resource of chained) await collector.take(resource);
      // What the workloads call a value comes before the value.
      context.variables.learn(collector.lists());
      for (const resource of values) await collector.take(resource);
    })(),
    ...resources.filter((resource) => !apart.includes(resource)).map((resource) => collector.take(resource)),
  ]);
  const lists = collector.lists();
  // Before anything that takes long: the server forgets.
  if (request.recover === true) request.progress("what was deleted lately");
  const recovered =
    request.recover === true ? await recover(api, context, lists, (resource) => collector.whole(resource)) : null;
  const progress = (text: string): void => request.progress(text);
  const scanned =
    request.logs === undefined ? null : await scanLogs(api, lists, { ...request.logs, progress }, context);
  const skew = skewNote(api.skewMs());
  const snapshot: Snapshot = {
    metadata: {
      takenAt: request.now.toISOString().replace(/\.\d{3}Z$/, "Z"),
      cluster: { server: api.server, version, uid },
      user,
      scope: { namespaces: collector.scope(resources) },
      tool: { version: request.toolVersion },
    },
    source: "cluster",
    collected: resources,
    beyondScope: resources.filter((resource) => collector.goesBeyondScope(resource)),
    otherAuthorizers,
    blindSpots: [
      ...collector.blindSpots(),
      ...(scanned?.blindSpots ?? []),
      ...resources.flatMap((resource) => unreadSpots(resource, unread, api.server)),
    ],
    notes: [
      ...notes,
      ...comparisonNotes(context.secrets),
      ...(scanned?.notes ?? []),
      ...(skew === null ? [] : [skew]),
    ].sort(compare),
    ...lists,
    earlier: recovered?.earlier ?? null,
    recoveryNotes: recovered?.notes ?? [],
    logs: scanned?.logs ?? null,
    ...(context.secrets === null ? {} : { compared: context.secrets.result() }),
  };
  return ruled(snapshot, request.rules, true);
}

function skewNote(skewMs: number | null): string | null {
  if (skewMs === null || Math.abs(skewMs) <= MOST_SKEW_MS) return null;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const [side, effect] = skewMs > 0 ? ["behind", "too short"] : ["ahead of", "too long"];
  return `this machine's clock is ${String(seconds)} s ${side} the server's: ages are ${effect} by that`;
}
