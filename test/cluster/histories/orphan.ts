import { expect } from "vitest";
import { list, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";
import type { History } from "./draw.ts";

/** Deletes the CronJobs that are to leave their Jobs behind, and returns when they have gone. */
export async function orphanJobs(plane: ControlPlane, namespace: string, all: readonly History[]): Promise<void> {
  const orphaning = all.filter(({ orphans }) => orphans);
  // An update validates the schedule anew even where it only takes off a finalizer (ValidateCronJobUpdate), so the garbage
  // collector releases the Jobs of a CronJob whose schedule is not valid, and then can never let go of the CronJob.
  const refused = orphaning.filter(({ flaw }) => flaw === "schedule").map(({ name }) => name);
  const uids = new Set<string>();
  for (const { name } of orphaning) {
    const deleting = await must(plane, "DELETE", `${pathOf("CronJob", namespace, name)}?propagationPolicy=Orphan`);
    uids.add(deleting["metadata"].uid);
  }
  const staying = [...all.filter(({ orphans }) => !orphans).map(({ name }) => name), ...refused].sort();
  // It tries again ever more slowly where a patch of a dependent met a conflict.
  await waitFor(
    "the orphans' CronJobs to go",
    async (note) => {
      const left = (await list(plane, "CronJob", namespace)).map(({ metadata }) => metadata.name as string).sort();
      const owned = (await list(plane, "Job", namespace)).filter(({ metadata }) =>
        metadata.ownerReferences?.some((one: Stored) => uids.has(one["uid"])),
      );
      note(`${String(left.length - staying.length)} left, ${String(owned.length)} of their Jobs are owned`);
      return left.join() === staying.join() && owned.length === 0;
    },
    { seconds: 120 },
  );
  for (const name of refused) await release(plane, pathOf("CronJob", namespace, name));
}

/** A deletion in the background drops the finalizer, and is not validated. */
async function release(plane: ControlPlane, path: string): Promise<void> {
  const without = { metadata: { finalizers: null } };
  const answer = await plane.request("PATCH", path, without, { contentType: "application/merge-patch+json" });
  expect(answer).toMatchObject({ status: 422, body: { details: { causes: [{ field: "spec.schedule" }] } } });
  await must(plane, "DELETE", `${path}?propagationPolicy=Background`);
  expect((await plane.request("GET", path)).status).toBe(404);
}
