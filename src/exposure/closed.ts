import { instant, toTime } from "../batch/time.ts";
import type { Time } from "../model/object.ts";
import type { ClosesBecause, Retention } from "../model/report.ts";
import type { Pod } from "../model/workload.ts";
import type { Closing, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { compareTimes } from "./windows.ts";

/** jwt.DefaultLeeway of the token authenticator (pkg/serviceaccount/claims.go), in milliseconds. */
export const TOKEN_LEEWAY = 60_000;

const BECAUSE: Record<Retention["governedBy"], ClosesBecause> = {
  ttl: "ttl",
  "history-limit": "history-limit",
  owner: "owner-deletion",
  "pod-gc": "node-removal",
  finalizer: "deletion-in-progress",
  none: "never",
};

/**
 * Until when the object can be read: until its retention deletes it. A date is a bound, because holders of list and
 * watch read a deleted object back by an old resourceVersion until etcd is compacted. The context remembers it (closingOf).
 */
export function objectClosing(source: Source, context: ExposureContext): Closing {
  if (context.isEarlier(source)) return earlierClosing(source, context);
  const { governedBy, deletesAt, why, overdueSeconds, isBound, assumes, afterRuns } = context.retentionOf(source);
  const deleting = source.meta.deletionTimestamp !== null;
  const because = deleting ? "deletion-in-progress" : BECAUSE[governedBy];
  const at = instant(deletesAt);
  // Overdue: whoever should have deleted it does not, so the time that has passed ends nothing.
  if (overdueSeconds !== null) return { at: null, because, why, isBound: false };
  const runs = { ...(afterRuns === null ? {} : { afterRuns }), ...(assumes === null ? {} : { assumes }) };
  if (at === null) return { at: null, because, why, isBound, ...runs };
  const why10 = `${why}; list reads it back for up to about 10 minutes more, watch maybe for longer`;
  return { at: at < context.now ? context.takenAt : deletesAt, because, why: why10, isBound: true, ...runs };
}

/** Milliseconds after a deletion for which etcd still has the object: it is compacted every 5 minutes by default. */
const COMPACTED_AFTER = 10 * 60_000;

/**
 * What was deleted, or taken out of a CronJob, is read back: by list until etcd is compacted, by watch until the API server's
 * watch cache forgets it, which takes 75 s and a full cache (apiserver/pkg/storage/cacher/watch_cache.go), so days where
 * little changes. When it went is not known.
 */
function earlierClosing(source: Source, context: ExposureContext): Closing {
  const gone = source.kind === "CronJob" && context.isPresent(source) ? "changed" : "deleted";
  const why = `${gone}; by an old resourceVersion list reads it back for up to about 10 minutes, watch maybe for longer`;
  const assumes = "the watch cache of the API server has forgotten it by then";
  return { at: toTime(context.now + COMPACTED_AFTER), because: "compaction", why, isBound: true, assumes };
}

/** A literal in a CronJob's template stays until somebody changes the template, unless the CronJob itself goes. */
export function literalClosing(source: Source, context: ExposureContext): Closing {
  const closing = context.closingOf(source);
  if (source.kind !== "CronJob" || closing.because !== "never") return closing;
  return { ...closing, why: "until the template changes or the CronJob is deleted" };
}

/** An annotation can be taken away at any time, but nothing in the cluster does. */
export function annotationClosing(source: Source, context: ExposureContext): Closing {
  const closing = context.closingOf(source);
  return closing.because === "never"
    ? { ...closing, why: `${closing.why}, or until the annotation is removed` }
    : closing;
}

/** Of two closings the one that comes first, of two at one time what is over already; one without a time never comes first. */
export function first(a: Closing, b: Closing | null): Closing {
  if (b === null || b.at === null) return a;
  const order = a.at === null ? -1 : compareTimes(b.at, a.at);
  return order < 0 || (order === 0 && b.over === true) ? b : a;
}

/** When the pod's deletion was asked for plus its grace, plus the leeway that the token authenticator gives. */
export function leewayEnd(pod: Pod): Time | null {
  const deletion = instant(pod.meta.deletionTimestamp);
  return deletion === null ? null : toTime(deletion + TOKEN_LEEWAY);
}
