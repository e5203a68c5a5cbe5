import { find, waitFor } from "../act.ts";
import { agedObject, stamp, type Story } from "../story.ts";
import { finishedJob, makeRunOld, minutesAfter, rewrite } from "../time.ts";
import type { Scene } from "./character.ts";

/** The time cut to its minute, as schedules are. */
export function wholeMinute(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 60_000) * 60_000);
}

/** The schedule that fires every day at this time, in UTC: always hours away when the cast has just been loaded. */
export function dailyAt(slot: Date): string {
  return `${String(slot.getUTCMinutes())} ${String(slot.getUTCHours())} * * *`;
}

/** Waits for the runs to end and moves each to where `story` puts it. */
export async function ageRuns({ plane, namespace }: Scene, jobs: string[], story: (i: number) => Story): Promise<void> {
  for (const [i, job] of jobs.entries()) {
    await finishedJob(plane, namespace, job);
    await makeRunOld(plane, namespace, job, story(i));
  }
}

/**
 * Moves a CronJob into the past after its runs: `changed` is when its template was last applied, `lastSlot` what it
 * ran last. Waits until the controller has taken every run off the active list, or it would write over the edit.
 */
export async function ageCronJob(
  { plane, namespace }: Scene,
  name: string,
  history: { created: Date; changed: Date; lastSlot: Date; generation: number },
): Promise<void> {
  await waitFor(`cronjob ${namespace}/${name} to have no active run`, async (note) => {
    const status = (await find(plane, "CronJob", namespace, name))?.["status"] ?? {};
    note(`${String(status.active?.length ?? 0)} active`);
    return status.active === undefined && status.lastSuccessfulTime !== undefined;
  });
  const { created, changed, lastSlot, generation } = history;
  const lastJob = await find(plane, "Job", namespace, `${name}-${String(lastSlot.getTime() / 60_000)}`);
  const lastSuccess: string = lastJob?.["status"].completionTime ?? stamp(minutesAfter(lastSlot, 1));
  await rewrite(plane, "CronJob", namespace, name, (stored) => {
    const aged = agedObject(stored, created, changed);
    aged["metadata"].generation = generation;
    aged["status"].lastScheduleTime = stamp(lastSlot);
    aged["status"].lastSuccessfulTime = lastSuccess;
    for (const entry of aged["metadata"].managedFields) {
      if (entry.subresource === "status") entry.time = lastSuccess;
    }
    return aged;
  });
}
