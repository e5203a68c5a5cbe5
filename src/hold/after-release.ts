import { indexOwners, refOf } from "../batch/owners.ts";
import { retention } from "../batch/retention.ts";
import { parseSchedule } from "../batch/schedule/index.ts";
import { isTooLate, mostRecentScheduleTime } from "../batch/schedule/missed.ts";
import { instant, toTime } from "../batch/time.ts";
import type { HoldLoss } from "../model/hold.ts";
import type { FieldManager, ObjectRef } from "../model/object.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job } from "../model/workload.ts";
import { changed } from "./fields.ts";
import type { HoldStep } from "./plan.ts";

const HOUR = 3_600_000;

/** What follows a release. */
export interface Aftermath {
  atOnce: HoldLoss[];
  soon: HoldLoss[];
  startsAtOnce: ObjectRef[];
}

/** The snapshot as it would be when these steps are done. */
export function after(snapshot: Snapshot, steps: readonly Pick<HoldStep, "object" | "changes">[]): Snapshot {
  const byUid = new Map(steps.map(({ object, changes }) => [object.uid, changes]));
  // The controller looks at a CronJob when it changes, and sees what has ended by then.
  const change: FieldManager = {
    manager: "kubectl-cronaudit",
    operation: "Update",
    subresource: null,
    time: snapshot.metadata.takenAt,
    fields: [],
  };
  const one = <T extends CronJob | Job>(object: T): T => {
    const changes = byUid.get(object.meta.uid);
    if (changes === undefined) return object;
    const { meta } = object;
    return { ...changed(object, changes), meta: { ...meta, managedFields: [...meta.managedFields, change] } };
  };
  return { ...snapshot, cronjobs: snapshot.cronjobs.map(one), jobs: snapshot.jobs.map(one) };
}

/** What the controllers delete at once or within the hour when these steps are done, and would not delete without them. */
export function aftermath(snapshot: Snapshot, steps: readonly HoldStep[]): Aftermath {
  const released = after(snapshot, steps);
  const [before, then] = [indexOwners(snapshot), indexOwners(released)];
  const asIs = new Map(snapshot.jobs.map((job) => [job.meta.uid, instant(retention(job, before).deletesAt)]));
  const losses = released.jobs.flatMap((job) => {
    const { deletesAt, isBound, assumes, why } = retention(job, then);
    const at = instant(deletesAt);
    if (at === null || at > then.takenAt + HOUR) return [];
    const known = asIs.get(job.meta.uid) ?? null;
    // What goes without the release goes by other means.
    if (known !== null && known <= at) return [];
    const time = toTime(Math.max(at, then.takenAt));
    return [{ object: refOf(job), deletesAt: time, isBound, assumes, why, isNow: at <= then.takenAt }];
  });
  const sorted = losses.sort((a, b) => compare(a.deletesAt, b.deletesAt) || compare(keyOf(a.object), keyOf(b.object)));
  const part = (isNow: boolean): HoldLoss[] =>
    sorted.flatMap(({ isNow: now, ...loss }) => (now === isNow ? [loss] : []));
  return { atOnce: part(true), soon: part(false), startsAtOnce: startsAtOnce(released, steps, then.takenAt) };
}

/** CronJobs that were suspended by the hold alone: the controller makes up for the last slot that they missed. */
function startsAtOnce(released: Snapshot, steps: readonly HoldStep[], now: number): ObjectRef[] {
  const resumed = new Set(
    steps
      .filter(({ changes }) => changes.some(({ field, to }) => field === "suspend" && to === false))
      .map(({ object }) => object.uid),
  );
  return released.cronjobs
    .filter(({ meta }) => resumed.has(meta.uid))
    .filter((one) => hasMissed(one, now))
    .map(refOf);
}

function hasMissed(cronJob: CronJob, now: number): boolean {
  if (cronJob.concurrencyPolicy === "Forbid" && cronJob.active.length > 0) return false;
  const parsed = parseSchedule(cronJob.schedule, cronJob.timeZone);
  if ("invalid" in parsed) return false;
  const due = {
    creationTimestamp: instant(cronJob.meta.creationTimestamp) ?? now,
    lastScheduleTime: instant(cronJob.lastScheduleTime),
    startingDeadlineSeconds: cronJob.startingDeadlineSeconds,
  };
  const missed = mostRecentScheduleTime(due, now, parsed.schedule);
  const slot = missed !== null && "mostRecent" in missed ? missed.mostRecent : null;
  return slot != null && !isTooLate(slot, cronJob.startingDeadlineSeconds, now);
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace ?? ""}/${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
