import { find, list, must, pathOf, resourceOf, waitFor } from "./act.ts";
import type { ControlPlane, EtcdAccess } from "./provider.ts";
import { agedJob, agedObject, agedPod, stamp, type Stored, type Story } from "./story.ts";

export const secondsAgo = (n: number) => new Date(Date.now() - n * 1000);
export const minutesAgo = (n: number) => secondsAgo(n * 60);
export const hoursAgo = (n: number) => minutesAgo(n * 60);
export const daysAgo = (n: number) => hoursAgo(n * 24);
export const secondsAfter = (time: Date, n: number) => new Date(time.getTime() + n * 1000);
export const minutesAfter = (time: Date, n: number) => secondsAfter(time, n * 60);

const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";

/** Where the API server keeps an object (k8s.io/apiserver storage keys, prefix /registry). */
export function storageKey(kind: string, namespace: string | null, name: string): string {
  return ["/registry", resourceOf(kind), namespace, name].filter((part) => part !== null).join("/");
}

/** The plane's etcd. Throws where the provider gives none, so that a test that forgot to declare the need says so. */
export function etcdOf(plane: ControlPlane): EtcdAccess {
  if (!plane.etcd) throw new Error(`the ${plane.provider} cluster does not let tests edit etcd (capability edit-etcd)`);
  return plane.etcd;
}

/** Rewrites a stored object behind the API server's back; it serves the result at once. */
export async function rewrite(
  plane: ControlPlane,
  kind: string,
  namespace: string | null,
  name: string,
  edit: (object: Stored) => Stored,
): Promise<void> {
  const key = storageKey(kind, namespace, name);
  const stored = await etcdOf(plane).get(key);
  if (!stored) throw new Error(`nothing is stored at ${key}`);
  await etcdOf(plane).put(key, edit(stored as Stored));
}

/** Makes any object look created at `created` and last changed at `changed`. Pods and Jobs have stories: see makeRunOld. */
export async function makeOld(
  plane: ControlPlane,
  kind: string,
  namespace: string | null,
  name: string,
  created: Date,
  changed = created,
): Promise<void> {
  await rewrite(plane, kind, namespace, name, (object) => agedObject(object, created, changed));
}

/** Moves a pod into the past: creation, conditions, container starts and ends. */
export async function makePodOld(plane: ControlPlane, namespace: string, name: string, story: Story): Promise<void> {
  await rewrite(plane, "Pod", namespace, name, (pod) => agedPod(pod, story));
}

/** The pods of a Job, whether or not it still exists. */
export function podsOf(plane: ControlPlane, namespace: string, job: string): Promise<Stored[]> {
  return list(plane, "Pod", namespace, `batch.kubernetes.io/job-name=${job}`);
}

/** Moves a Job and its pods into the past, pods first, so that no controller sees a Job that ended before they did. */
export async function makeRunOld(plane: ControlPlane, namespace: string, job: string, story: Story): Promise<void> {
  for (const pod of await podsOf(plane, namespace, job)) {
    await makePodOld(plane, namespace, pod["metadata"].name, { ...story, created: secondsAfter(story.created, 1) });
  }
  await rewrite(plane, "Job", namespace, job, (stored) => agedJob(stored, story));
}

/** Waits until the job controller is through with a finished Job: terminal condition set, its pods counted and let go. */
export async function finishedJob(plane: ControlPlane, namespace: string, name: string, seconds = 60): Promise<Stored> {
  return waitFor(
    `job ${namespace}/${name} to finish`,
    async (note) => {
      const job = await find(plane, "Job", namespace, name);
      const conditions: Stored[] = job?.["status"]?.conditions ?? [];
      note(job ? `conditions [${conditions.map((c) => String(c["type"])).join(", ")}]` : "no such Job");
      if (!conditions.some((c) => /^(Complete|Failed)$/.test(c["type"]) && c["status"] === "True")) return null;
      const pods = await podsOf(plane, namespace, name);
      const held = pods.filter((pod) => pod["metadata"].finalizers?.includes(TRACKING_FINALIZER));
      note(`finished, ${String(held.length)} of ${String(pods.length)} pods still tracked`);
      return held.length === 0 ? job : null;
    },
    { seconds },
  );
}

/** Waits until a Job has `count` pods in a phase, and returns them. */
export async function podsInPhase(
  plane: ControlPlane,
  namespace: string,
  job: string,
  phase: string,
  count = 1,
): Promise<Stored[]> {
  return waitFor(`${String(count)} pods of job ${namespace}/${job} to be ${phase}`, async (note) => {
    const pods = await podsOf(plane, namespace, job);
    note(pods.map((pod) => String(pod["status"].phase)).join(", ") || "no pods");
    const there = pods.filter((pod) => pod["status"].phase === phase);
    return there.length >= count ? there : null;
  });
}

/** The name that the CronJob controller gives the run of one slot (getJobName: epoch minutes). */
export function jobNameAt(cronJob: string, slot: Date): string {
  return `${cronJob}-${String(Math.floor(slot.getTime() / 60_000))}`;
}

/**
 * Lets the real CronJob controller start the run of each slot, now: for each, the schedule is made to fit that minute
 * of the year alone and status.lastScheduleTime put just before it. Slots are whole minutes in UTC of the last year,
 * in ascending order. Afterwards the CronJob is as before, scheduled as if it had just run. Returns the Jobs' names.
 */
export async function runAt(plane: ControlPlane, namespace: string, name: string, slots: Date[]): Promise<string[]> {
  const path = pathOf("CronJob", namespace, name);
  const { spec: before } = await must(plane, "GET", path);
  if (before.timeZone) throw new Error(`cronjob ${namespace}/${name} has a time zone; slots are in UTC`);
  const spec = (fields: Stored) =>
    must(plane, "PATCH", `${path}?fieldManager=kubectl-client-side-apply`, { spec: fields });
  const lastRan = (time: Date) =>
    must(plane, "PATCH", `${path}/status?fieldManager=kube-controller-manager`, {
      status: { lastScheduleTime: stamp(time) },
    });
  const jobs: string[] = [];
  for (const slot of slots) {
    const job = jobNameAt(name, slot);
    let asked = 0;
    // The status comes last: whoever patches between Job and status costs the Job its entry in `active`.
    await waitFor(`job ${namespace}/${job} to be started`, async (note) => {
      const { lastScheduleTime } = (await must(plane, "GET", path))["status"];
      note(`status.lastScheduleTime ${String(lastScheduleTime)}`);
      const started = await find(plane, "Job", namespace, job);
      if (started !== null) return lastScheduleTime === stamp(slot);
      // A controller that saw several changes as one puts the CronJob off until its slot comes again: it is asked anew.
      if (Date.now() - asked < 20_000) return false;
      asked = Date.now();
      // Suspended in between, because spec and status cannot change together and the controller acts on either.
      await spec({ schedule: onlyAt(slot), startingDeadlineSeconds: null, suspend: true });
      await lastRan(secondsAfter(slot, -60));
      await spec({ suspend: false });
      return false;
    });
    jobs.push(job);
  }
  await spec({ suspend: true });
  await lastRan(new Date());
  const { schedule, startingDeadlineSeconds = null, suspend } = before;
  await spec({ schedule, startingDeadlineSeconds, suspend });
  return jobs;
}

/** Runs a CronJob now, in the slot of the current minute (two calls within one minute give one run). Returns the Job's name. */
export async function runNow(plane: ControlPlane, namespace: string, name: string): Promise<string> {
  const slot = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  return (await runAt(plane, namespace, name, [slot]))[0]!;
}

function onlyAt(slot: Date): string {
  return [slot.getUTCMinutes(), slot.getUTCHours(), slot.getUTCDate(), slot.getUTCMonth() + 1, "*"].join(" ");
}

/**
 * Ends the running pods of a Job as a kubelet would, and waits until the job controller has drawn its conclusion. For
 * pods that the node keeps running (pod-annotations.ts, runFor `forever`).
 */
export async function finishJob(plane: ControlPlane, namespace: string, name: string, exitCode = 0): Promise<Stored> {
  for (const pod of await podsInPhase(plane, namespace, name, "Running")) {
    const now = stamp(new Date());
    const { containerStatuses, conditions } = pod["status"];
    const ended = (status: Stored) => ({
      ...status,
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode,
          reason: exitCode === 0 ? "Completed" : "Error",
          startedAt: status["state"].running?.startedAt ?? now,
          finishedAt: now,
          containerID: status["containerID"],
        },
      },
    });
    const unready = (condition: Stored) =>
      /Ready/.test(condition["type"]) ? { ...condition, status: "False", lastTransitionTime: now } : condition;
    await must(plane, "PATCH", `${pathOf("Pod", namespace, pod["metadata"].name, "status")}?fieldManager=kwok`, {
      status: {
        phase: exitCode === 0 ? "Succeeded" : "Failed",
        conditions: conditions.map(unready),
        containerStatuses: containerStatuses.map(ended),
      },
    });
  }
  return finishedJob(plane, namespace, name);
}
