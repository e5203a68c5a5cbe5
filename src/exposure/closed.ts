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
  "pod-gc": "never",
  finalizer: "deletion-in-progress",
  none: "never",
};

/**
 * Until when the object can be read: until its retention deletes it. A date is a bound, because holders of list and
 * watch read a deleted object back by an old resourceVersion until etcd is compacted.
 */
export function objectClosing(source: Source, context: ExposureContext): Closing {
  const { governedBy, deletesAt, why, overdueSeconds, isBound, afterRuns } = context.retentionOf(source);
  const deleting = source.meta.deletionTimestamp !== null;
  const because = deleting ? "deletion-in-progress" : BECAUSE[governedBy];
  const at = instant(deletesAt);
  // Overdue: whoever should have deleted it does not, so the time that has passed ends nothing.
  if (overdueSeconds !== null) return { at: null, because, why, isBound: false };
  if (at === null) return { at: null, because, why, isBound, ...(afterRuns === null ? {} : { afterRuns }) };
  const why10 = `${why}; holders of list or watch read it back for up to about 10 minutes more`;
  return { at: at < context.now ? context.takenAt : deletesAt, because, why: why10, isBound: true };
}

/** A literal in a CronJob's template stays until somebody changes the template, unless the CronJob itself goes. */
export function literalClosing(source: Source, context: ExposureContext): Closing {
  const closing = objectClosing(source, context);
  if (source.kind !== "CronJob" || closing.because !== "never") return closing;
  return { ...closing, why: "until the template changes or the CronJob is deleted" };
}

/** An annotation can be taken away at any time, but nothing in the cluster does. */
export function annotationClosing(source: Source, context: ExposureContext): Closing {
  const closing = objectClosing(source, context);
  return closing.because === "never"
    ? { ...closing, why: `${closing.why}, or until the annotation is removed` }
    : closing;
}

/** Of two closings the one that comes first; one without a time never comes first. */
export function first(a: Closing, b: Closing | null): Closing {
  if (b === null || b.at === null) return a;
  return a.at === null || compareTimes(b.at, a.at) < 0 ? b : a;
}

/** When the pod's deletion was asked for plus its grace, plus the leeway that the token authenticator gives. */
export function leewayEnd(pod: Pod): Time | null {
  const deletion = instant(pod.meta.deletionTimestamp);
  return deletion === null ? null : toTime(deletion + TOKEN_LEEWAY);
}
