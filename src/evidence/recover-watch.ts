import type { Api, ApiFailure, Json } from "../model/api.ts";
import type { WholeList } from "./collector.ts";
import { KINDS } from "./kinds/index.ts";
import { versionNumber } from "./recover-search.ts";
import { survivable } from "./scope.ts";
import type { Workload } from "./recover-present.ts";

const SECONDS = 2;
const MOST_TRIES = 3;
const EXPIRED = 410;

/** What a watch of the past gave. */
export interface Watched {
  /** It gave every event after this resourceVersion; null where it gave none, or not all up to the present. */
  from: number | null;
  /** Why not; null where it did. */
  failure: Pick<ApiFailure, "reason" | "message"> | null;
}

/**
 * Watches one kind from as far back as the API server's watch cache goes. That has nothing to do with etcd's
 * compaction: it keeps at least the last 100 events of a kind, and those of 75 s (apiserver pkg/storage/cacher
 * watch_cache.go), in a quiet cluster those of days. `fallback` is where to begin if the server does not say.
 */
export async function watchPast(
  api: Api,
  resource: Workload,
  { namespace }: WholeList,
  given: { until: number; fallback: Promise<number | null>; signal: AbortSignal },
  seen: (type: string, object: Json) => void,
): Promise<Watched> {
  const { group, version } = KINDS[resource];
  const { until, fallback, signal } = given;
  let from = 1;
  for (let tries = 1; ; tries += 1) {
    let reached = from;
    try {
      const options = { namespace, from: String(from), until, seconds: SECONDS, signal };
      for await (const { type, object } of api.watch(group, version, resource, options)) {
        reached = Math.max(reached, versionNumber((object["metadata"] as Json | null)?.["resourceVersion"]) ?? 0);
        seen(type, object);
      }
      if (reached >= until) return { from, failure: null };
      return { from: null, failure: { reason: "Timeout", message: "the watch did not come to the present" } };
    } catch (error) {
      const failure = survivable(error);
      if (failure.status !== EXPIRED || tries === MOST_TRIES) return { from: null, failure };
      const next = oldestOf(failure.message) ?? (await fallback);
      if (next === null || next <= from) return { from: null, failure };
      from = next;
    }
  }
}

/** The oldest resourceVersion to watch from, as the refusal has it: `too old resource version: 1 (8123)`. */
function oldestOf(message: string): number | null {
  return versionNumber(/too old resource version: \d+ \((\d+)\)$/.exec(message)?.[1]);
}
