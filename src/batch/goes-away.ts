import type { GoesAway, StaleItem } from "../model/report.ts";
import type { Job } from "../model/workload.ts";
import { isReplaced } from "./forecast.ts";
import { holdCommand } from "./hold-command.ts";
import { refOf, type Owners } from "./owners.ts";
import { retention } from "./retention.ts";
import { credentialsIn, type Stale } from "./stale.ts";
import { instant } from "./time.ts";

const HOUR = 3_600_000;

/**
 * Jobs, and pods without a Job among them, that will be gone within the hour, soonest first; of `running` Jobs those that the
 * next run replaces.
 */
export function goesAwaySoon(
  stale: readonly Stale[],
  running: readonly Job[],
  owners: Owners,
  all: boolean,
): GoesAway[] {
  const listed = new Map(stale.map(({ item, object }) => [item, object]));
  const soon = withoutPodsOfListedJobs([...listed.keys()]).flatMap((item) => goesAway(item, listed.get(item)!));
  const replaced = running.flatMap((job) => {
    const counter = owners.counterOf(job);
    if (counter === null || !isReplaced(job, counter.cronJob)) return [];
    const { credentials } = credentialsIn(job, all);
    return goesAway({ object: refOf(job), retention: retention(job, owners), credentials }, job);
  });
  return [...soon, ...replaced].sort((a, b) => (instant(a.deletesAt) ?? 0) - (instant(b.deletesAt) ?? 0));

  function goesAway(
    item: Pick<StaleItem, "object" | "retention" | "credentials">,
    object: Stale["object"],
  ): GoesAway[] {
    const { deletesAt, isBound, assumes, why, overdueSeconds } = item.retention;
    const at = instant(deletesAt);
    if (at === null || deletesAt === null || overdueSeconds !== null || at > owners.takenAt + HOUR) return [];
    const hold = holdCommand(object, item.retention, owners);
    return [{ object: item.object, deletesAt, isBound, assumes, why, carries: item.credentials, hold }];
  }
}

/** Pods count with their Job. */
export function withoutPodsOfListedJobs(items: readonly StaleItem[]): StaleItem[] {
  const jobs = new Set(items.filter(({ object }) => object.kind === "Job").map(({ object }) => object.uid));
  return items.filter(({ object, owner }) => object.kind === "Job" || owner === null || !jobs.has(owner.uid));
}
