import { withOwner } from "../batch/deletion.ts";
import { jobOutcome } from "../batch/finish.ts";
import { refOf, type Owners } from "../batch/owners.ts";
import { DEFAULT_THRESHOLD, withNode } from "../batch/pod-gc.ts";
import type { NotHeld } from "../model/hold.ts";
import type { CronJob, Job, Pod } from "../model/workload.ts";
import type { Concerned } from "./plan.ts";

const SHOWN = 10;

/** What no hold keeps off, of these Jobs and their pods: what is known to come, and what may. */
export function notHeld({ jobs, barePods, cronJobs }: Concerned, owners: Owners): NotHeld[] {
  const pods = [...jobs.flatMap((job) => owners.podsOf(job)), ...barePods];
  const found: { what: NotHeld["what"]; why: string; object: CronJob | Job | Pod }[] = [];
  for (const object of [...cronJobs.keys(), ...jobs, ...pods]) {
    if (object.meta.deletionTimestamp !== null) {
      found.push({ what: "being-deleted", why: "its deletion has been asked for", object });
    } else if (object.kind !== "CronJob") {
      const byOwner = withOwner(object, owners);
      if (byOwner !== null) found.push({ what: "owner", why: byOwner.why, object });
    }
  }
  for (const pod of pods) {
    const byNode = withNode(pod, owners);
    if (byNode !== null) found.push({ what: "node-removal", why: byNode.why, object: pod });
  }
  for (const job of jobs) {
    if (jobOutcome(job) === null && job.spec.activeDeadlineSeconds !== null) {
      const why = `after its activeDeadlineSeconds of ${String(job.spec.activeDeadlineSeconds)} its running pods are deleted`;
      found.push({ what: "deadline", why, object: job });
    }
  }
  const groups = [...Map.groupBy(found, ({ what, why }) => `${what} ${why}`).values()].map((group): NotHeld => {
    const objects = group.map(({ object }) => refOf(object));
    const { what, why } = group[0]!;
    return { what, why, objects: objects.slice(0, SHOWN), objectCount: objects.length };
  });
  return [...groups, ...general(owners)];
}

function general(owners: Owners): NotHeld[] {
  const anything = { objects: [], objectCount: 0 };
  const finished = `${String(owners.finishedPods)} finished pods were seen, the default threshold is ${String(DEFAULT_THRESHOLD)}`;
  return [
    { what: "node-removal", why: "a node that is removed takes its pods along", ...anything },
    {
      what: "pod-gc",
      why: `the pod garbage collector takes the oldest finished pods beyond its threshold; ${finished}`,
      ...anything,
    },
  ];
}
